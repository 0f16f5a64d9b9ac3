"use client";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import type { CheckView } from "#common/contracts/runbook.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { ParamForm } from "#components/checks/param-form.tsx";
import { useTeam } from "#components/team/use-team.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Field, FieldError } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import type { ScheduleDraft } from "./schedule-draft.ts";

type Props = {
  draft: ScheduleDraft;
  checks: CheckView[];
  errors: Record<string, string>;
  /** the same, as keys of the sentences */
  keys: Record<string, string>;
  onChange: (part: Partial<ScheduleDraft>) => void;
};

/** What it runs: the checks of a runbook, or single ones with parameters of their own. */
export function WhatFields({ draft, checks, errors, keys, onChange }: Props) {
  const t = useTranslations("schedules");
  const group = useId();
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("what")}</legend>
      <div className="mb-2 flex flex-wrap gap-x-5 gap-y-1">
        {([false, true] as const).map((single) => (
          <label key={String(single)} className="inline-flex items-center gap-2">
            <input
              type="radio"
              name={group}
              checked={draft.single === single}
              onChange={() => onChange({ single })}
            />
            {single ? t("singleChecks") : t("wholeRunbook")}
          </label>
        ))}
      </div>
      {draft.single ? (
        <SingleChecks draft={draft} checks={checks} errors={errors} keys={keys} onChange={onChange} />
      ) : (
        <Runbook draft={draft} error={errors.runbook ?? errors.checks} onChange={onChange} />
      )}
    </fieldset>
  );
}

function Runbook({
  draft,
  error,
  onChange,
}: {
  draft: ScheduleDraft;
  error: string | undefined;
  onChange: Props["onChange"];
}) {
  const t = useTranslations("schedules");
  const locale = useLocale() as Locale;
  const { data: runbooks } = useQuery(trpc.runbook.list.queryOptions({ team: useTeam(), locale }));
  return (
    <Field label={<span className="sr-only">{t("runbook")}</span>} help={t("runbookHelp")} error={error}>
      {(control) => (
        <Select
          {...control}
          value={draft.runbook}
          onChange={(event) => onChange({ runbook: event.target.value })}
        >
          <option value="">{t("chooseRunbook")}</option>
          {runbooks
            ?.filter(({ checks }) => checks.length > 0)
            .map(({ slug, title }) => (
              <option key={slug} value={slug}>
                {title}
              </option>
            ))}
        </Select>
      )}
    </Field>
  );
}

function SingleChecks({ draft, checks, errors, keys, onChange }: Props) {
  const t = useTranslations("schedules");
  const locale = useLocale() as Locale;
  const offered = checks.filter((check) => check.effect === "read" && !check.takesDocument);
  const chosen = checks.filter((check) => draft.checks[check.id]);
  const toggle = (id: string, on: boolean) => {
    const { [id]: _, ...others } = draft.checks;
    onChange({ checks: on ? { ...others, [id]: {} } : others });
  };
  return (
    <>
      <div className="max-h-56 space-y-1.5 overflow-y-auto border-y border-line py-2 pl-1">
        {offered.map((check) => {
          const at = chosen.indexOf(check);
          const own = under(keys, `checks.${at}.params.`);
          const params = draft.checks[check.id];
          return (
            <div key={check.id}>
              <Checkbox
                label={inLocale(check.title, locale)}
                checked={params !== undefined}
                onChange={(event) => toggle(check.id, event.target.checked)}
              />
              <FieldError>{errors[`checks.${at}.id`]}</FieldError>
              {params && check.params.length > 0 ? (
                <Disclosure
                  className="py-1 pl-6"
                  summary={t("parameters")}
                  open={Object.keys(own).length > 0 || check.params.some(({ required }) => required)}
                >
                  <ParamForm
                    fields={check.params}
                    draft={params}
                    errors={own}
                    onChange={(next) => onChange({ checks: { ...draft.checks, [check.id]: next } })}
                  />
                </Disclosure>
              ) : null}
            </div>
          );
        })}
      </div>
      <p className="mt-1 text-faint">{t("checksHelp")}</p>
      <FieldError>{errors.checks}</FieldError>
    </>
  );
}

function under(errors: Record<string, string>, prefix: string): Record<string, string> {
  const own = Object.entries(errors).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(own.map(([path, sentence]) => [path.slice(prefix.length), sentence]));
}
