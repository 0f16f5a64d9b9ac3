"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { Select } from "../ui/select.tsx";

/** One of some, or any. A value that is not among them, such as of a member who left, stays and shows itself. */
export function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | null;
  options: (readonly [string, string])[];
  onChange: (value: string | null) => void;
}) {
  const t = useTranslations("history");
  const known = value === null || options.some(([key]) => key === value);
  return (
    <Labelled label={label}>
      {(id) => (
        <Select
          id={id}
          className="w-40"
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value || null)}
        >
          <option value="">{t("any")}</option>
          {known ? null : <option value={value}>{value}</option>}
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Labelled>
  );
}

export function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-faint">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
