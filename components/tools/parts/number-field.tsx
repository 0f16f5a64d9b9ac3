"use client";

import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { within } from "./within.ts";

/** A whole number; what is typed outside of the bounds becomes the nearest bound. */
export function NumberField({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          value={value}
          onChange={(event) => {
            const typed = event.target.valueAsNumber;
            if (!Number.isNaN(typed)) onChange(Math.round(within(typed, min, max)));
          }}
        />
      )}
    </Field>
  );
}
