"use client";
import { useLocale, useTranslations } from "next-intl";
import type { QuietHours } from "#common/contracts/channel.ts";
import { Field, FieldError } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { TimeZoneField } from "#components/ui/time-zone-field.tsx";
import { Checkbox, Switch } from "#components/ui/toggle.tsx";
import type { PartProps } from "./address-fields.tsx";

/** Monday first, as 0 is Sunday. */
const week = [1, 2, 3, 4, 5, 6, 0] as const;

/** When it keeps what happens, and what goes through all the same. */
export function QuietFields({ draft, errors, onChange }: PartProps) {
  const t = useTranslations("channels");
  const { quiet } = draft;
  const change = (part: Partial<QuietHours>) => onChange({ quiet: { ...quiet, ...part } });
  return (
    <div>
      <Switch
        label={t("quiet")}
        help={t("quietHelp")}
        checked={draft.isQuiet}
        onChange={(event) => onChange({ isQuiet: event.target.checked })}
      />
      {draft.isQuiet ? (
        <div className="mt-3 space-y-3 border-l-2 border-line pl-4">
          <div className="grid gap-x-4 gap-y-3 sm:grid-cols-3">
            {(["from", "to"] as const).map((end) => (
              <Field key={end} label={t(end)} error={errors[`quiet.${end}`]} required>
                {(control) => (
                  <Input
                    {...control}
                    type="time"
                    value={quiet[end]}
                    onChange={(event) => change({ [end]: event.target.value })}
                  />
                )}
              </Field>
            ))}
            <TimeZoneField
              label={t("timeZone")}
              value={quiet.timeZone}
              error={errors["quiet.timeZone"]}
              onChange={(timeZone) => change({ timeZone })}
            />
          </div>
          <Days days={quiet.days} error={errors["quiet.days"]} onChange={(days) => change({ days })} />
          <Checkbox
            label={t("breaksThrough")}
            help={t("breaksThroughHelp")}
            checked={quiet.failBreaksThrough}
            onChange={(event) => change({ failBreaksThrough: event.target.checked })}
          />
        </div>
      ) : null}
    </div>
  );
}

function Days({
  days,
  error,
  onChange,
}: {
  days: number[];
  error: string | undefined;
  onChange: (days: number[]) => void;
}) {
  const t = useTranslations("channels");
  const format = new Intl.DateTimeFormat(useLocale(), { weekday: "short", timeZone: "UTC" });
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("beginOn")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {week.map((day) => (
          <Checkbox
            key={day}
            // The 4th of January 1970 was a Sunday.
            label={format.format(new Date((3 + day) * 86_400_000))}
            checked={days.includes(day)}
            onChange={(event) =>
              onChange(week.filter((one) => (one === day ? event.target.checked : days.includes(one))))
            }
          />
        ))}
      </div>
      <FieldError>{error ? t("chooseDay") : null}</FieldError>
    </fieldset>
  );
}
