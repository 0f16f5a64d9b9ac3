import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { Spinner } from "./spinner.tsx";

type Look = {
  /** primary: the one action of a view · secondary: the others · quiet: in rows and toolbars · danger: removes */
  tone?: "primary" | "secondary" | "quiet" | "danger";
  size?: "small" | "medium" | "large";
  icon?: ReactNode;
};

const tones = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "bg-raised text-ink shadow-[inset_0_0_0_1px_var(--line)] hover:bg-hover",
  quiet: "text-soft hover:bg-hover hover:text-ink",
  danger: "text-fail shadow-[inset_0_0_0_1px_var(--line)] bg-raised hover:bg-fail-wash",
};
const sizes = {
  small: "h-7 px-2.5 gap-1.5 text-dense",
  medium: "h-8 px-3 gap-2 text-dense",
  large: "h-10 px-4 gap-2 text-body",
};

function look({ tone = "secondary", size = "medium" }: Look, className?: string) {
  return clsx(
    "inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap select-none",
    "transition-colors duration-150 disabled:cursor-not-allowed disabled:opacity-55 disabled:saturate-50",
    tones[tone],
    sizes[size],
    className,
  );
}

export type ButtonProps = ComponentProps<"button"> & Look & { busy?: boolean };

/** `busy` keeps the width and the focus, shows a turning arc and ignores further clicks. */
export function Button({ tone, size, icon, busy, className, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={look({ tone, size }, className)}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...props}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export function ButtonLink({
  tone,
  size,
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof Link> & Look) {
  return (
    <Link className={look({ tone, size }, className)} {...props}>
      {icon}
      {children}
    </Link>
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
