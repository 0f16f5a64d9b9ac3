"use client";

import type { RunFilter } from "#common/contracts/run.ts";
import { verdicts } from "#common/verdict.ts";
import { choicePart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";

export const perPage = 50;

/** Spans up to now, in days; today is the first of them. */
export const spans = ["1", "7", "30", "90"] as const;

/** `on` is the cluster filtered by; `cluster` is the one chosen everywhere, which is another thing. */
const parts = {
  view: choicePart(["runs", "results"] as const, "runs"),
  on: textPart(),
  runbook: textPart(),
  check: textPart(),
  verdict: choicePart(verdicts),
  person: textPart(),
  words: textPart(),
  last: choicePart(spans),
  from: textPart(),
  to: textPart(),
};
export type HistoryChoice = ReturnType<typeof useHistoryFilter>[0];

export function useHistoryFilter() {
  return useUrlState(parts, { history: "push", waitMs: 200 });
}

export function isFiltered({ view: _, ...choice }: HistoryChoice): boolean {
  return Object.values(choice).some((value) => value !== null);
}

/** As it stands in the address, in one order, so that two of the same are equal. */
export function addressOf(choice: HistoryChoice): string {
  const named = Object.entries(choice).flatMap(([name, value]) =>
    value === null || (name === "view" && value === "runs") ? [] : [[name, value] as [string, string]],
  );
  return new URLSearchParams(named).toString();
}

const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** Days are whole days in the reader's time zone: `to` includes the day it names. A span goes before both. */
export function filterOf({ on, last, from, to, words, ...rest }: HistoryChoice): RunFilter {
  const day = (value: string | null, time: string) =>
    value && isoDay.test(value) ? new Date(`${value}T${time}`) : undefined;
  return {
    cluster: on ?? undefined,
    runbook: rest.runbook ?? undefined,
    check: rest.check ?? undefined,
    verdict: rest.verdict ?? undefined,
    person: rest.person ?? undefined,
    text: words?.trim() || undefined,
    ...(last
      ? { from: startOfSpan(Number(last)) }
      : { from: day(from, "00:00:00"), to: day(to, "23:59:59.999") }),
  };
}

/** A midnight, so that the same view asks the same all day long. */
function startOfSpan(days: number): Date {
  const today = new Date();
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days + 1);
}
