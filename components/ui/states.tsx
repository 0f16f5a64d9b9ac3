import clsx from "clsx";
import type { ReactNode } from "react";
import { UnknownGlyph } from "./verdict-glyphs.tsx";

/** Nothing there yet: says what will be there and how to get the first one. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={clsx("border-t border-line py-8", className)}>
      <h2 className="text-lead">{title}</h2>
      {children ? <div className="mt-1 max-w-[60ch] text-body text-soft">{children}</div> : null}
      {action ? <div className="mt-5 flex flex-wrap gap-2">{action}</div> : null}
    </div>
  );
}

/** Something could not be loaded: says what, keeps the rest of the page, offers the next step. */
export function ErrorState({
  title,
  children,
  action,
  className,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div role="alert" className={clsx("flex gap-3 border-l-2 border-unknown bg-sunken px-4 py-3", className)}>
      <UnknownGlyph size={18} className="mt-0.5 shrink-0 text-unknown" />
      <div className="min-w-0">
        <div className="font-medium">{title}</div>
        {children ? <div className="mt-0.5 max-w-[70ch] text-soft">{children}</div> : null}
        {action ? <div className="mt-3 flex flex-wrap gap-2">{action}</div> : null}
      </div>
    </div>
  );
}
