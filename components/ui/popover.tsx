"use client";
import { lazy, type ReactNode, Suspense, useState } from "react";

export type PopoverProps = {
  trigger: ReactNode;
  label?: string;
  title?: ReactNode;
  children: ReactNode;
  side?: "top" | "bottom" | "right";
  align?: "start" | "center" | "end";
  className?: string;
};

const PopoverPanel = lazy(() => import("./popover-panel.tsx"));

/** A button that opens a panel beside it. The panel's code comes with the first click. */
export function Popover(props: PopoverProps) {
  const [asked, setAsked] = useState(false);
  const closed = (
    <button
      type="button"
      className={props.className}
      aria-label={props.label}
      aria-haspopup="dialog"
      aria-expanded={asked}
      onClick={() => setAsked(true)}
    >
      {props.trigger}
    </button>
  );
  if (!asked) return closed;
  return (
    <Suspense fallback={closed}>
      <PopoverPanel {...props} />
    </Suspense>
  );
}
