"use client";
import type { FindingFilter } from "#common/contracts/finding.ts";
import { findingStates } from "#common/finding-states.ts";
import { choicePart, flagPart, textPart } from "#components/ui/url-parts.ts";
import { useUrlState } from "#components/ui/use-url-state.ts";

export const problemVerdicts = ["fail", "unknown", "warn"] as const;

/** `on` is the cluster filtered by; `cluster` is the one chosen everywhere, which is another thing. */
const parts = {
  state: choicePart(findingStates),
  verdict: choicePart(problemVerdicts),
  on: textPart(),
  check: textPart(),
  runbook: textPart(),
  text: textPart(),
  mine: flagPart(false),
};
export type FindingChoice = ReturnType<typeof useFindingFilter>[0];

export function useFindingFilter() {
  return useUrlState(parts, { history: "push" });
}

/** By anything but the state. */
export function isNarrowed({ state: _, mine, ...rest }: FindingChoice): boolean {
  return mine || Object.values(rest).some((value) => value !== null);
}

export function filterOf({ state, verdict, on, check, runbook, text, mine }: FindingChoice): FindingFilter {
  return {
    state: state ?? undefined,
    verdict: verdict ?? undefined,
    cluster: on ?? undefined,
    check: check ?? undefined,
    runbook: runbook ?? undefined,
    text: text?.slice(0, 100) || undefined,
    mine: mine || undefined,
  };
}
