import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

type ToggleProps = Omit<ComponentProps<"input">, "type"> & { label: ReactNode; help?: ReactNode };

/** The checkbox states aria-checked by itself. */
const asSwitch = { role: "switch" } as const;

function words(label: ReactNode, help: ReactNode) {
  return (
    <span className="min-w-0">
      <span className="block text-ink">{label}</span>
      {help ? <span className="block text-faint">{help}</span> : null}
    </span>
  );
}

export function Checkbox({ label, help, className, ...props }: ToggleProps) {
  return (
    <label className={clsx("flex items-start gap-2.5 has-disabled:opacity-60", className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 rounded-[3px]" {...props} />
      {words(label, help)}
    </label>
  );
}

export function Switch({ label, help, className, ...props }: ToggleProps) {
  return (
    <label className={clsx("flex items-start gap-2.5 has-disabled:opacity-60", className)}>
      <input
        type="checkbox"
        {...asSwitch}
        className={clsx(
          "relative mt-0.5 h-4 w-7 shrink-0 appearance-none rounded-full bg-control transition-colors duration-150",
          "before:absolute before:top-0.5 before:left-0.5 before:size-3 before:rounded-full before:bg-raised",
          "before:transition-transform before:duration-150 checked:bg-accent checked:before:translate-x-3",
          "forced-colors:appearance-auto",
        )}
        {...props}
      />
      {words(label, help)}
    </label>
  );
}
