import clsx from "clsx";

/** The look of everything that is filled in. */
export const inputBox = clsx(
  "w-full rounded-control bg-raised text-ink shadow-[inset_0_0_0_1px_var(--control)] transition-shadow",
  "focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent",
  "aria-invalid:shadow-[inset_0_0_0_1.5px_var(--fail)] disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint",
);
