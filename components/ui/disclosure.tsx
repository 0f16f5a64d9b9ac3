import clsx from "clsx";
import type { ReactNode } from "react";
import { ChevronRightIcon } from "./icons.tsx";

/** Folded away until asked for; the browser's own, so that it opens for a search in the page too. */
export function Disclosure({
  summary,
  children,
  open,
  onToggle,
  className,
}: {
  summary: ReactNode;
  children: ReactNode;
  open?: boolean;
  /** for content that is loaded when it is first asked for */
  onToggle?: (open: boolean) => void;
  className?: string;
}) {
  return (
    <details
      open={open}
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
      className={clsx("group/fold", className)}
    >
      <summary className="inline-flex list-none items-center gap-1 rounded-control py-0.5 pr-1.5 font-medium text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRightIcon
          size={14}
          className="shrink-0 text-faint transition-transform duration-150 group-open/fold:rotate-90"
        />
        {summary}
      </summary>
      <div className="pt-1.5 pl-[1.125rem]">{children}</div>
    </details>
  );
}
