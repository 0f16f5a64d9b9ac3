import clsx from "clsx";
import type { ReactNode } from "react";

/** The head of every page: what it is, one line about it, what can be done. */
export function PageHeader({
  title,
  eyebrow,
  children,
  actions,
  className,
}: {
  title: ReactNode;
  eyebrow?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <header className={clsx("mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3", className)}>
      <div className="min-w-0">
        {eyebrow ? <div className="mb-0.5 text-faint">{eyebrow}</div> : null}
        <h1 className="text-title break-words">{title}</h1>
        {children ? <div className="mt-1 max-w-[72ch] text-body text-soft">{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** A part of a page, set off by a hairline and air, never by a box. */
export function Section({
  title,
  children,
  aside,
  id,
  className,
}: {
  title: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
  id?: string;
  className?: string;
}) {
  return (
    <section id={id} className={clsx("mt-9 first:mt-0", className)}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-3 border-b border-line pb-1.5">
        <h2 className="text-body">{title}</h2>
        {aside ? <div className="text-faint">{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}
