import clsx from "clsx";
import type { ComponentProps } from "react";

/** A range with its value beside it. `format` writes the value with its unit. */
export function Slider({
  label,
  value,
  format,
  className,
  ...props
}: Omit<ComponentProps<"input">, "type" | "value"> & {
  label: string;
  value: number;
  format?: (value: number) => string;
}) {
  const words = format ? format(value) : String(value);
  return (
    <label className={clsx("block", className)}>
      <span className="flex items-baseline justify-between gap-3">
        <span className="font-medium text-ink">{label}</span>
        <output className="text-soft">{words}</output>
      </span>
      <input
        type="range"
        className="mt-1.5 block h-4 w-full"
        value={value}
        aria-valuetext={words}
        {...props}
      />
    </label>
  );
}
