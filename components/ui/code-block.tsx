import clsx from "clsx";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { reachable } from "./reachable.ts";

/** A command or an excerpt. `children` may be highlighted markup; `code` is what is copied. */
export function CodeBlock({
  code,
  caption,
  children,
  className,
}: {
  code: string;
  caption?: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <figure className={clsx("group relative rounded-control border border-line bg-sunken", className)}>
      {caption ? (
        <figcaption className="border-b border-line px-3 py-1 text-dense text-faint">{caption}</figcaption>
      ) : null}
      <pre {...reachable} className="overflow-x-auto px-3 py-2 pr-10 text-[0.75rem] leading-5">
        <code>{children ?? code}</code>
      </pre>
      <CopyButton value={code} className={clsx("absolute right-1 bg-sunken", caption ? "top-9" : "top-1")} />
    </figure>
  );
}
