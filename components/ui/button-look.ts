import clsx from "clsx";
import type { ReactNode } from "react";

export type ButtonLook = {
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

export function buttonLook({ tone = "secondary", size = "medium" }: ButtonLook, className?: string) {
  return clsx(
    "inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap select-none",
    "transition-colors duration-150 disabled:cursor-not-allowed disabled:opacity-55 disabled:saturate-50",
    tones[tone],
    sizes[size],
    className,
  );
}
