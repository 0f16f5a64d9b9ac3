"use client";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "#components/api/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Checkbox } from "#components/ui/toggle.tsx";
import { type FindingChoice, isNarrowed, problemVerdicts } from "./use-finding-filter.ts";

type Props = {
  team: string;
  value: FindingChoice;
  onChange: (next: Partial<FindingChoice> | null) => void;
};

export function FindingFilters({ team, value, onChange }: Props) {
  const t = useTranslations("findings");
  const tVerdict = useTranslations("verdict");
  const locale = useLocale() as Locale;
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team }));
  const { data: runbooks } = useQuery(trpc.runbook.list.queryOptions({ team, locale }));
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  const verdictOf = (text: string | null) => problemVerdicts.find((one) => one === text) ?? null;
  const textId = useId();
  return (
    <search className="mb-3 flex flex-wrap items-end gap-2" aria-label={t("filters")}>
      <div>
        <label htmlFor={textId} className="mb-0.5 block text-faint">
          {t("text")}
        </label>
        <Input
          id={textId}
          type="search"
          className="w-48"
          maxLength={100}
          value={value.text ?? ""}
          onChange={(event) => onChange({ text: event.target.value || null })}
        />
      </div>
      <Choice
        label={t("verdict")}
        value={value.verdict}
        onChange={(verdict) => onChange({ verdict: verdictOf(verdict) })}
        options={problemVerdicts.map((verdict) => [verdict, tVerdict(verdict)])}
      />
      <Choice
        label={t("cluster")}
        value={value.on}
        onChange={(on) => onChange({ on })}
        options={(clusters ?? []).map((one) => [one.slug, one.name])}
      />
      <Choice
        label={t("runbook")}
        value={value.runbook}
        onChange={(runbook) => onChange({ runbook })}
        options={(runbooks ?? []).map((one) => [one.slug, one.title])}
      />
      <Choice
        label={t("check")}
        value={value.check}
        onChange={(check) => onChange({ check })}
        options={(checks ?? []).map((one) => [one.id, inLocale(one.title, locale)])}
      />
      <Checkbox
        className="h-8 items-center"
        label={t("mine")}
        checked={value.mine}
        onChange={(event) => onChange({ mine: event.target.checked })}
      />
      {isNarrowed(value) ? (
        <Button tone="quiet" onClick={() => onChange(null)}>
          {t("clear")}
        </Button>
      ) : null}
    </search>
  );
}

function Choice({
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
  const t = useTranslations("findings");
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-faint">
        {label}
      </label>
      <Select
        id={id}
        className="w-40"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t("any")}</option>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </Select>
    </div>
  );
}
