import type { ReactNode } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

export type TextEntry<N extends string> = {
  name: N;
  value: string;
  label: ReactNode;
  help?: ReactNode;
  /** what is wrong with it, said at the field */
  error?: ReactNode;
};

/** Names, paths and addresses: each a field of its own, in the letters of a terminal and left as they are typed. */
export function TextFields<N extends string>({
  entries,
  onText,
}: {
  entries: readonly TextEntry<N>[];
  onText: (change: { [name in N]?: string }) => void;
}) {
  return entries.map(({ name, value, label, help, error }) => (
    <Field key={name} label={label} help={help} error={error}>
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          value={value}
          onChange={(event) => onText({ [name]: event.target.value } as { [one in N]?: string })}
        />
      )}
    </Field>
  ));
}
