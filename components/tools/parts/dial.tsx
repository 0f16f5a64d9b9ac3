"use client";

import { useId } from "react";
import { Input } from "../../ui/input.tsx";
import { within } from "./within.ts";

/** A number over several magnitudes: a range that stops at usual values, and a field for any other. */
export function Dial({
  label,
  value,
  stops,
  onChange,
}: {
  label: string;
  value: number;
  stops: readonly number[];
  onChange: (value: number) => void;
}) {
  const id = useId();
  const last = stops.length - 1;
  const most = stops[last] ?? 0;
  const nearest = stops.findLastIndex((stop) => stop <= value);
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="font-medium text-ink">
          {label}
        </label>
        <Input
          id={id}
          type="number"
          inputMode="numeric"
          min={0}
          max={most}
          value={value}
          onChange={(event) => {
            if (!Number.isNaN(event.target.valueAsNumber))
              onChange(within(Math.round(event.target.valueAsNumber), 0, most));
          }}
          className="max-w-24 text-right"
        />
      </div>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={String(value)}
        min={0}
        max={last}
        value={Math.max(nearest, 0)}
        onChange={(event) => onChange(stops[event.target.valueAsNumber] ?? most)}
        className="mt-1.5 block h-4 w-full"
      />
    </div>
  );
}
