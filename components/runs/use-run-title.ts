"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import type { RunSummary } from "#common/contracts/run.ts";
import { inLocale, type Locale } from "#common/text.ts";
import { trpc } from "../api/trpc.ts";

/** Names runs: the runbook's title, else the one check's, else how many checks there were. */
export function useRunTitle(team: string): (run: Pick<RunSummary, "runbook" | "checks">) => string {
  const t = useTranslations("runs");
  const locale = useLocale() as Locale;
  const forever = { staleTime: Number.POSITIVE_INFINITY };
  const { data: runbooks } = useQuery(trpc.runbook.list.queryOptions({ team, locale }, forever));
  const { data: checks } = useQuery(trpc.check.list.queryOptions({ team }, forever));
  return (run) => {
    if (run.runbook) return runbooks?.find((one) => one.slug === run.runbook)?.title ?? run.runbook;
    const [only, ...others] = run.checks;
    if (only === undefined || others.length > 0) return t("manyChecks", { count: run.checks.length });
    const check = checks?.find((one) => one.id === only);
    return check ? inLocale(check.title, locale) : only;
  };
}
