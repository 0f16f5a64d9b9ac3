"use client";
import { useId } from "react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

/** A time zone by its name, out of those the browser knows. */
export function TimeZoneField({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (timeZone: string) => void;
}) {
  const zones = useId();
  return (
    <Field label={label} error={error} required>
      {(control) => (
        <>
          <Input
            {...control}
            list={zones}
            value={value}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={zones}>
            {["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
