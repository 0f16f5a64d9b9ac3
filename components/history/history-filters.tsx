"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import type { ClusterView } from "#common/contracts/cluster.ts";
import type { Locale } from "#common/text.ts";
import { verdicts } from "#common/verdict.ts";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { type HistoryChoice, isFiltered } from "./use-history-filter.ts";

type Props = {
  team: string;
  clusters: ClusterView[];
  value: HistoryChoice;
  onChange: (next: Partial<HistoryChoice> | null) => void;
};

export function HistoryFilters({ team, clusters, value, onChange }: Props) {
  const t = useTranslations("history");
  const tVerdict = useTranslations("verdict");
  const locale = useLocale() as Locale;
  const { data: runbooks } = useQuery(trpc.runbook.list.queryOptions({ team, locale }));
  const { data: teamView } = useQuery(trpc.team.get.queryOptions({ team }));
  return (
    <search className="mb-3 flex flex-wrap items-end gap-2" aria-label={t("filters")}>
      <Choice
        label={t("cluster")}
        value={value.on}
        onChange={(on) => onChange({ on })}
        options={clusters.map((one) => [one.slug, one.name])}
      />
      <Choice
        label={t("runbook")}
        value={value.runbook}
        onChange={(runbook) => onChange({ runbook })}
        options={(runbooks ?? []).map((one) => [one.slug, one.title])}
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
      <Labelled label={t("from")}>
        {(id) => (
          <Input
            id={id}
            type="date"
            className="w-36"
            value={value.from ?? ""}
            max={value.to ?? undefined}
            onChange={(event) => onChange({ from: event.target.value || null })}
          />
        )}
      </Labelled>
      <Labelled label={t("to")}>
        {(id) => (
          <Input
            id={id}
            type="date"
            className="w-36"
            value={value.to ?? ""}
            min={value.from ?? undefined}
            onChange={(event) => onChange({ to: event.target.value || null })}
          />
        )}
      </Labelled>
      {isFiltered(value) ? (
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
  const t = useTranslations("history");
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

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
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
