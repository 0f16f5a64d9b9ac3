import clsx from "clsx";
import type { ComponentProps } from "react";
import { SelectorIcon } from "./icons.tsx";

const box = clsx(
  "w-full rounded-control bg-raised text-ink shadow-[inset_0_0_0_1px_var(--control)] transition-shadow",
  "focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent",
  "aria-invalid:shadow-[inset_0_0_0_1.5px_var(--fail)] disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint",
);

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={clsx(box, "h-8 px-2.5 text-dense", className)} {...props} />;
}

/** `code` for pasted documents: mono, no wrapping, no spelling. */
export function Textarea({ className, code, ...props }: ComponentProps<"textarea"> & { code?: boolean }) {
  const plain = code
    ? { spellCheck: false, autoCapitalize: "off", autoCorrect: "off", autoComplete: "off" }
    : {};
  return (
    <textarea
      className={clsx(
        box,
        "block px-2.5 py-2 text-dense",
        code && "font-mono text-[0.75rem] leading-5",
        className,
      )}
      {...plain}
      {...props}
    />
  );
}

/** The platform's own select: it is right on a phone, with a keyboard and before any script has loaded. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={clsx("relative inline-flex", className ?? "w-full")}>
      <select className={clsx(box, "h-8 appearance-none truncate pr-7 pl-2.5 text-dense")} {...props}>
        {children}
      </select>
      <SelectorIcon
        size={14}
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-faint"
      />
    </span>
  );
}
