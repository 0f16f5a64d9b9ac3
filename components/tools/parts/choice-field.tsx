import type { ReactNode } from "react";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";

/** One of a few words, each shown by its own sentence or, where it is the name of something, as it is. */
export function ChoiceField<V extends string>({
  label,
  help,
  values,
  value,
  words,
  onChange,
}: {
  label: ReactNode;
  help?: ReactNode;
  values: readonly V[];
  value: V;
  words?: (value: V) => ReactNode;
  onChange: (value: V) => void;
}) {
  return (
    <Field label={label} help={help}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={(event) => {
            const next = values.find((one) => one === event.target.value);
            if (next) onChange(next);
          }}
        >
          {values.map((one) => (
            <option key={one} value={one}>
              {words ? words(one) : one}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
