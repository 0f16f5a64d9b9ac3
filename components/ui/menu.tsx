"use client";
import { lazy, type ReactNode, Suspense, useState } from "react";

export type MenuEntry =
  | {
      type?: "item";
      key: string;
      label: ReactNode;
      icon?: ReactNode;
      hint?: ReactNode;
      href?: string;
      /** true or false makes it a choice with a tick */
      checked?: boolean;
      disabled?: boolean;
      tone?: "danger";
      onSelect?: () => void;
    }
  | { type: "heading"; key: string; label: ReactNode }
  | { type: "separator"; key: string };

export type MenuProps = {
  /** the content of the trigger button */
  trigger: ReactNode;
  label?: string;
  entries: MenuEntry[];
  side?: "top" | "bottom" | "right";
  align?: "start" | "end";
  className?: string;
};

const loadPanel = () => import("./menu-panel.tsx");
const MenuPanel = lazy(loadPanel);

/** A button that opens a menu. The menu's code comes with the first click. */
export function Menu(props: MenuProps) {
  return (
    <MenuButton look={props} load={loadPanel}>
      <MenuPanel {...props} />
    </MenuButton>
  );
}

export type MenuLook = Pick<MenuProps, "trigger" | "label" | "className">;

/** The button of a menu until its first click; then `children`, which `load` brings, button and all. */
export function MenuButton({
  look,
  load,
  children,
}: {
  look: MenuLook;
  load: () => Promise<unknown>;
  children: ReactNode;
}) {
  const [asked, setAsked] = useState(false);
  const closed = (
    <button
      type="button"
      className={look.className}
      aria-label={look.label}
      aria-haspopup="menu"
      aria-expanded={asked}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setAsked(true)}
    >
      {look.trigger}
    </button>
  );
  return asked ? <Suspense fallback={closed}>{children}</Suspense> : closed;
}
