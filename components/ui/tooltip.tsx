"use client";
import clsx from "clsx";
import { type ReactNode, useId } from "react";

/**
 * A word more about what it wraps, on hover and on focus inside. Also for a disabled control: the reason it is.
 * Pure CSS: rows carry hundreds of them.
 */
export function Tooltip({
  content,
  side = "top",
  children,
}: {
  content: ReactNode;
  side?: "top" | "bottom";
  children: ReactNode;
}) {
  const id = useId();
  if (!content) return children;
  return (
    <span className="group/tip relative inline-flex" aria-describedby={id}>
      {children}
      <span
        role="tooltip"
        id={id}
        className={clsx(
          "pointer-events-none absolute left-1/2 z-40 w-max max-w-64 -translate-x-1/2 rounded-control bg-ink px-2 py-1 text-left text-dense font-normal whitespace-normal text-bg",
          "invisible opacity-0 transition-opacity delay-150 duration-150",
          "group-focus-within/tip:visible group-focus-within/tip:opacity-100 group-hover/tip:visible group-hover/tip:opacity-100",
          side === "top" ? "bottom-[calc(100%+6px)]" : "top-[calc(100%+6px)]",
        )}
      >
        {content}
      </span>
    </span>
  );
}
