import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { type ButtonLook, buttonLook } from "./button-look.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonProps = ComponentProps<"button"> & ButtonLook & { busy?: boolean };

/** `busy` keeps the width and the focus, shows a turning arc and ignores further clicks. */
export function Button({ tone, size, icon, busy, className, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={buttonLook({ tone, size }, className)}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...props}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

/** A square button of one icon; `label` is its name for everyone who does not see it. */
export function IconButton({
  label,
  icon,
  size = "medium",
  className,
  ...props
}: ComponentProps<"button"> & { label: string; icon: ReactNode; size?: "small" | "medium" }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center rounded-control text-soft transition-colors",
        "hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50",
        size === "small" ? "size-7" : "size-8",
        className,
      )}
      {...props}
    >
      {icon}
    </button>
  );
}
