"use client";
import { useTranslations } from "next-intl";
import { Field, FieldError } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import type { PartProps } from "./address-fields.tsx";
import { minimums, transitions } from "./channel-draft.ts";

/** Which changes are told, from which verdict on, and how long more of them are waited for. */
export function ChangeFields({ draft, errors, onChange }: PartProps) {
  const t = useTranslations("channels");
  return (
    <>
      <fieldset>
        <legend className="mb-1 font-medium">{t("changes")}</legend>
        <div className="grid gap-1.5 border-y border-line py-2 sm:grid-cols-2">
          {transitions.map((each) => (
            <Checkbox
              key={each}
              label={t(`transition.${each}`)}
              help={t(`transitionHelp.${each}`)}
              checked={draft.transitions.includes(each)}
              onChange={(event) => {
                const on = event.target.checked;
                onChange({
                  transitions: transitions.filter((one) =>
                    one === each ? on : draft.transitions.includes(one),
                  ),
                });
              }}
            />
          ))}
        </div>
        <FieldError>{errors.transitions ? t("chooseChange") : null}</FieldError>
      </fieldset>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <Field label={t("minimumLabel")} help={t("minimumHelp")} error={errors.minimum}>
          {(control) => (
            <Select
              {...control}
              value={draft.minimum}
              onChange={(event) =>
                onChange({ minimum: minimums.find((one) => one === event.target.value) ?? "warn" })
              }
            >
              {minimums.map((one) => (
                <option key={one} value={one}>
                  {t(`minimum.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("groupWait")} help={t("groupWaitHelp")} error={errors.groupWaitSeconds}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.groupWaitSeconds}
              autoComplete="off"
              onChange={(event) => onChange({ groupWaitSeconds: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}
