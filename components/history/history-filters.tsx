"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { inLocale, type Locale } from "#common/text.ts";
import { verdicts } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";
import { Choice, Labelled } from "./filter-fields.tsx";
import { type HistoryChoice, isFiltered } from "./use-history-filter.ts";

const PeriodFields = lazy(() => import("./period-fields.tsx"));

type Props = {
  team: string;
  value: HistoryChoice;
  onChange: (next: Partial<HistoryChoice> | null) => void;
};

export function HistoryFilters({ team, value, onChange }: Props) {
  const t = useTranslations("history");
  const tVerdict = useTranslations("verdict");
  const locale = useLocale() as Locale;
  const { data: clusters } = useQuery(trpc.cluster.list.queryOptions({ team }));
  const { data: runbooks } = useQuery(trpc.runbook.list.queryOptions({ team, locale }));
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }));
  const { data: teamView } = useQuery(trpc.team.get.queryOptions({ team }));
  const titles = (checks ?? []).map(({ id, title }) => [id, inLocale(title, locale)] as const);
  return (
    <search className="mb-3 flex flex-wrap items-end gap-2" aria-label={t("filters")}>
      <Labelled label={t("words")}>
        {(id) => (
          <Input
            id={id}
            type="search"
            className="w-52"
            maxLength={200}
            value={value.words ?? ""}
            onChange={(event) => onChange({ words: event.target.value || null })}
          />
        )}
      </Labelled>
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
        options={titles.toSorted(([, a], [, b]) => a.localeCompare(b, locale))}
      />
      <Choice
        label={t("verdict")}
        value={value.verdict}
        onChange={(verdict) => onChange({ verdict: verdicts.find((one) => one === verdict) ?? null })}
        options={verdicts.map((verdict) => [verdict, tVerdict(verdict)])}
      />
      <Choice
        label={t("person")}
        value={value.person}
        onChange={(person) => onChange({ person })}
        options={(teamView?.members ?? []).map((one) => [one.userId, one.name])}
      />
      <Suspense fallback={<div className="h-8 w-40" />}>
        <PeriodFields value={value} onChange={onChange} />
      </Suspense>
      {isFiltered(value) ? (
        <Button tone="quiet" onClick={() => onChange({ ...nothing, view: value.view })}>
          {t("clear")}
        </Button>
      ) : null}
    </search>
  );
}

export const nothing = {
  ...{ on: null, runbook: null, check: null, verdict: null, person: null },
  ...{ words: null, last: null, from: null, to: null },
};
