"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { RunSummary } from "#common/contracts/run.ts";
import { trpc } from "../api/trpc.ts";
import { Select } from "../ui/select.tsx";

type Run = Pick<RunSummary, "id" | "clusters">;

/** What to put beside a run: its own past, another cluster of it, another cluster's newest run, or all its hosts. */
export function CompareChoice({ team, run, value }: { team: string; run: Run; value: string }) {
  const t = useTranslations("across");
  const router = useRouter();
  const id = useId();
  const { data: others } = useQuery(trpc.across.counterparts.queryOptions({ team, runId: run.id }));
  const base = `/${team}/compare/${run.id}`;
  const [first] = run.clusters;
  const own = run.clusters.slice(1).map(({ slug, name }) => ({
    value: `${base}?a=${first?.slug}&b=${slug}`,
    label: t("ownCluster", { name }),
  }));
  const elsewhere = (others ?? []).map(({ cluster, runId, shared }) => ({
    value: `${base}?with=${runId}`,
    label: t("otherCluster", { name: cluster.name, count: shared }),
  }));
  const choices = [
    { value: base, label: t("inTime") },
    ...own,
    ...elsewhere,
    { value: `${base}?view=hosts`, label: t("allHosts") },
  ];
  return (
    <div className="mb-5 flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="text-faint">
        {t("compareWith")}
      </label>
      <div className="w-72 max-w-full">
        <Select id={id} value={value} onChange={(event) => router.push(event.target.value)}>
          {choices.some((choice) => choice.value === value) ? null : (
            <option value={value}>{t("thisOne")}</option>
          )}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}
