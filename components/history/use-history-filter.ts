"use client";

import type { RunFilter } from "#common/contracts/run.ts";
import { verdicts } from "#common/verdict.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";

export const perPage = 50;

/** `on` is the cluster filtered by; `cluster` is the one chosen everywhere, which is another thing. */
const parts = {
  on: textPart(),
  runbook: textPart(),
  check: textPart(),
  verdict: choicePart(verdicts),
  person: textPart(),
  from: textPart(),
  to: textPart(),
};
export type HistoryChoice = ReturnType<typeof useHistoryFilter>[0];

export function useHistoryFilter() {
  return useUrlState(parts, { history: "push" });
}

export function isFiltered(choice: HistoryChoice): boolean {
  return Object.values(choice).some((value) => value !== null);
}

const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** Days are whole days in the reader's time zone: `to` includes the day it names. */
export function filterOf({ on, from, to, ...rest }: HistoryChoice): RunFilter {
  const day = (value: string | null, time: string) =>
    value && isoDay.test(value) ? new Date(`${value}T${time}`) : undefined;
  return {
    cluster: on ?? undefined,
    runbook: rest.runbook ?? undefined,
    check: rest.check ?? undefined,
    verdict: rest.verdict ?? undefined,
    person: rest.person ?? undefined,
    from: day(from, "00:00:00"),
    to: day(to, "23:59:59.999"),
  };
}
