"use client";
import { lazy, type ReactNode, type RefObject, Suspense } from "react";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** center: a question · side: a drawer from the left · top: the command palette */
  place?: "center" | "side" | "top";
  /** the title is there for screen readers only */
  bare?: boolean;
  /** for a form with long fields */
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
};

const DialogPanel = lazy(() => import("./dialog-panel.tsx"));

/** A modal. Its code is loaded when it is first opened. */
export function Dialog(props: DialogProps) {
  return props.open ? (
    <Suspense>
      <DialogPanel {...props} />
    </Suspense>
  ) : null;
}

/** The row of buttons at a dialog's foot. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
