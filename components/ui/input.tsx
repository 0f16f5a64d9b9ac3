import clsx from "clsx";
import type { ComponentProps } from "react";
import { inputBox } from "./input-box.ts";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={clsx(inputBox, "h-8 px-2.5 text-dense", className)} {...props} />;
}

/** `code` for pasted documents: mono, no wrapping, no spelling. */
export function Textarea({ className, code, ...props }: ComponentProps<"textarea"> & { code?: boolean }) {
  const plain = code
    ? { spellCheck: false, autoCapitalize: "off", autoCorrect: "off", autoComplete: "off" }
    : {};
  return (
    <textarea
      className={clsx(
        inputBox,
        "block px-2.5 py-2 text-dense",
        code && "font-mono text-[0.75rem] leading-5",
        className,
      )}
      {...plain}
      {...props}
    />
  );
}
