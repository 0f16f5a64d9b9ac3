"use client";

import { type CapacityUnit, capacityUnits } from "#common/tools/disk-capacity.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { within } from "./within.ts";

export const largestValue = 10_000;

/** A size as the label of a disk has it: a number and its unit. */
export function CapacityField({
  label,
  unitLabel,
  value,
  unit,
  onChange,
}: {
  label: string;
  unitLabel: string;
  value: number;
  unit: CapacityUnit;
  onChange: (next: { value?: number; unit?: CapacityUnit }) => void;
}) {
  return (
    <div className="flex items-end gap-2">
      <Field label={label} className="flex-1">
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="decimal"
            min={1}
            max={largestValue}
            step="any"
            value={value}
            onChange={(event) => {
              const typed = event.target.valueAsNumber;
              if (!Number.isNaN(typed)) onChange({ value: within(typed, 1, largestValue) });
            }}
          />
        )}
      </Field>
      <Select
        aria-label={unitLabel}
        className="w-20"
        value={unit}
        onChange={(event) => {
          const next = capacityUnits.find((one) => one === event.target.value);
          if (next) onChange({ unit: next });
        }}
      >
        {capacityUnits.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Select>
    </div>
  );
}
