"use client";
import clsx from "clsx";
import { type ReactNode, useId } from "react";
import { FailGlyph } from "./verdict-glyphs.tsx";

type ControlProps = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
};

/** A label, a control, what helps to fill it and what is wrong with it, tied together for assistive technology. */
export function Field({
  label,
  help,
  error,
  required,
  className,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={clsx("min-w-0", className)}>
      <label htmlFor={id} className="mb-1 block font-medium text-ink">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {help ? (
        <p id={`${id}-help`} className="mt-1 text-faint">
          {help}
        </p>
      ) : null}
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </div>
  );
}

/** Announced when it appears. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <div aria-live="polite">
      {children ? (
        <p id={id} className="mt-1 flex items-start gap-1.5 text-fail">
          <FailGlyph size={14} className="mt-[3px] shrink-0" />
          <span>{children}</span>
        </p>
      ) : null}
    </div>
  );
}
