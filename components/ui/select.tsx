import clsx from "clsx";
import type { ComponentProps } from "react";
import { SelectorIcon } from "./icons.tsx";
import { inputBox } from "./input-box.ts";

/** The platform's own select: it is right on a phone, with a keyboard and before any script has loaded. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={clsx("relative inline-flex", className ?? "w-full")}>
      <select className={clsx(inputBox, "h-8 appearance-none truncate pr-7 pl-2.5 text-dense")} {...props}>
        {children}
      </select>
      <SelectorIcon
        size={14}
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-faint"
      />
    </span>
  );
}
