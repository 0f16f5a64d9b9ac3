import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonLook, buttonLook } from "./button-look.ts";

/** Goes somewhere and looks like a button. Apart from Button: next/link is heavy where nothing else links. */
export function ButtonLink({
  tone,
  size,
  icon,
  className,
  children,
  ...props
}: ComponentProps<typeof Link> & ButtonLook) {
  return (
    <Link className={buttonLook({ tone, size }, className)} {...props}>
      {icon}
      {children}
    </Link>
  );
}
