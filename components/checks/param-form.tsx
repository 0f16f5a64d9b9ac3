"use client";

import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ParamField } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { Field } from "../ui/field.tsx";
import { Input, Textarea } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { Checkbox } from "../ui/toggle.tsx";
import type { ParamDraft } from "./param-draft.ts";

/** The form of a check's parameters, made from its schema. `errors` maps a parameter to the key of its sentence. */
export function ParamForm({
  fields,
  draft,
  errors,
  kept = {},
  note,
  onChange,
}: {
  fields: ParamField[];
  draft: ParamDraft;
  errors: Record<string, string>;
  /** values that hold in place of the check's defaults */
  kept?: Record<string, unknown>;
  /** what to say below a field */
  note?: (name: string) => ReactNode;
  onChange: (draft: ParamDraft) => void;
}) {
  const locale = useLocale() as Locale;
  const t = useTranslations("error");
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {fields.map((field) => {
        const error = errors[field.name];
        const value = draft[field.name] ?? kept[field.name] ?? field.default;
        const set = (value: string | boolean) => onChange({ ...draft, [field.name]: value });
        if (field.type === "boolean") {
          return (
            <div key={field.name}>
              <Checkbox
                label={inLocale(field.label, locale)}
                help={field.help ? inLocale(field.help, locale) : undefined}
                checked={Boolean(value)}
                onChange={(event) => set(event.target.checked)}
              />
              {note?.(field.name)}
            </div>
          );
        }
        return (
          <Field
            key={field.name}
            className={field.multiline ? "sm:col-span-2" : undefined}
            label={
              <>
                {inLocale(field.label, locale)}
                {field.unit ? <span className="font-normal text-faint"> ({field.unit})</span> : null}
              </>
            }
            help={field.help ? inLocale(field.help, locale) : undefined}
            error={error ? t(error) : undefined}
            required={field.required}
          >
            {(control) => (
              <>
                <ParamControl {...control} field={field} value={String(value ?? "")} onChange={set} />
                {note?.(field.name)}
              </>
            )}
          </Field>
        );
      })}
    </div>
  );
}

function ParamControl({
  field,
  value,
  onChange,
  ...control
}: {
  field: ParamField;
  value: string;
  onChange: (value: string) => void;
  id: string;
}) {
  if (field.type === "enum") {
    return (
      <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
        {field.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
    );
  }
  if (field.multiline) {
    return (
      <Textarea
        {...control}
        code
        rows={4}
        value={value}
        placeholder={field.placeholder ?? undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...control}
      inputMode={field.type === "integer" ? "numeric" : field.type === "number" ? "decimal" : undefined}
      value={value}
      placeholder={field.placeholder ?? undefined}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
