import clsx from "clsx";
import type { ReactNode } from "react";

/** A small word about a thing: its kind, its role, its state. Never a verdict. */
export function Badge({
  children,
  outline = "solid",
  className,
}: {
  children: ReactNode;
  outline?: "solid" | "dashed" | "strong";
  className?: string;
}) {
  return (
    <span
      className={clsx(
        "inline-flex h-[1.125rem] items-center rounded-[4px] border px-1.5 text-micro font-medium whitespace-nowrap",
        outline === "strong" ? "border-ink bg-ink text-bg" : "border-control text-soft",
        outline === "dashed" && "border-dashed",
        className,
      )}
    >
      {children}
    </span>
  );
}
