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

const MenuPanel = lazy(() => import("./menu-panel.tsx"));

/** A button that opens a menu. The menu's code comes with the first click. */
export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  const closed = (
    <button
      type="button"
      className={props.className}
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={asked}
      onPointerEnter={() => void import("./menu-panel.tsx")}
      onFocus={() => void import("./menu-panel.tsx")}
      onClick={() => setAsked(true)}
    >
      {props.trigger}
    </button>
  );
  if (!asked) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuPanel {...props} />
    </Suspense>
  );
}
