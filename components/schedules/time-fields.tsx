"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useDeferredValue } from "react";
import type { SchedulePreview } from "#common/contracts/schedule.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { TimeZoneField } from "#components/ui/time-zone-field.tsx";
import type { ScheduleDraft } from "./schedule-draft.ts";

type Props = {
  draft: ScheduleDraft;
  errors: Record<string, string>;
  onChange: (part: Partial<ScheduleDraft>) => void;
};

const patterns = [
  ["hourly", "0 * * * *"],
  ["nightly", "0 3 * * *"],
  ["weekdays", "0 8 * * mon-fri"],
  ["weekly", "0 3 * * mon"],
] as const;

/** When it runs: cron, zone and delay, with the next five times as they are typed. */
export function TimeFields({ draft, errors, onChange }: Props) {
  const t = useTranslations("schedules");
  const { preview, problems } = usePreview(draft);
  const wrong = { ...errors, ...problems };
  return (
    <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <Field label={t("cron")} help={t("cronHelp")} error={wrong.cron} required>
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              value={draft.cron}
              maxLength={120}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onChange({ cron: event.target.value })}
            />
          )}
        </Field>
        <div className="mt-1.5 flex flex-wrap gap-1">
          {patterns.map(([key, cron]) => (
            <Button key={key} size="small" tone="quiet" onClick={() => onChange({ cron })}>
              {t(`pattern.${key}`)}
            </Button>
          ))}
        </div>
      </div>
      <TimeZoneField
        label={t("timeZone")}
        value={draft.timeZone}
        error={wrong.timeZone}
        onChange={(timeZone) => onChange({ timeZone })}
      />
      <Field label={t("jitter")} help={t("jitterHelp")} error={wrong.jitterSeconds}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={draft.jitterSeconds}
            autoComplete="off"
            onChange={(event) => onChange({ jitterSeconds: event.target.value })}
          />
        )}
      </Field>
      {preview && isZone(draft.timeZone) ? <Preview preview={preview} timeZone={draft.timeZone} /> : null}
    </div>
  );
}

function usePreview(draft: ScheduleDraft) {
  const team = useTeam();
  const { cron, timeZone, jitterSeconds } = useDeferredValue(draft);
  const seconds = Number(jitterSeconds || "0");
  const query = useQuery(
    trpc.schedule.preview.queryOptions(
      { team, cron, timeZone, jitterSeconds: Number.isFinite(seconds) ? seconds : -1 },
      { placeholderData: keepPreviousData, retry: false },
    ),
  );
  const problems = useErrorWords()(query.error).fields;
  return { preview: query.error ? null : query.data, problems };
}

/** While a zone is typed, the last preview is still there and the zone is not one yet. */
function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** "Sun, Nov 22, 19:34 GMT+1": moments as the clocks of a zone show them. */
function clockOf(locale: string, timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    timeZone,
  });
  return (at) => format.format(at);
}

function Preview({ preview, timeZone }: { preview: SchedulePreview; timeZone: string }) {
  const t = useTranslations("schedules");
  const locale = useLocale() as Locale;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [there, mine] = [clockOf(locale, timeZone), clockOf(locale, here)];
  return (
    <div className="sm:col-span-2" aria-live="polite">
      <p className="font-medium">{inLocale(preview.description, locale)}</p>
      <ol aria-label={t("nextFive")} className="mt-1 divide-y divide-line border-y border-line">
        {preview.times.map((at) => (
          <li key={at.getTime()} className="flex flex-wrap justify-between gap-x-4 py-1">
            <time dateTime={at.toISOString()} className="tabular">
              {there(at)}
            </time>
            {here === timeZone ? null : (
              <span className="tabular text-faint">{t("forYou", { time: mine(at) })}</span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
