import type { CheckView } from "#common/contracts/runbook.ts";
import type { ScheduleView } from "#common/contracts/schedule.ts";
import { type ParamDraft, paramsOf } from "#components/checks/param-draft.ts";

/** What the form holds: what was typed, not yet what the server takes. */
export type ScheduleDraft = {
  name: string;
  cron: string;
  timeZone: string;
  jitterSeconds: string;
  /** single checks instead of a runbook's */
  single: boolean;
  runbook: string;
  /** the chosen checks' parameters by check */
  checks: Record<string, ParamDraft>;
  clusters: string[];
  missedRule: ScheduleView["missedRule"];
  enabled: boolean;
};

/** A schedule as it is, or, for a new one, every night in the reader's own zone. */
export function draftOf(
  schedule: ScheduleView | null,
  fresh: { clusters: string[]; timeZone: string },
): ScheduleDraft {
  if (!schedule) {
    return {
      ...{ name: "", cron: "0 3 * * *", timeZone: fresh.timeZone, jitterSeconds: "0" },
      ...{ single: false, runbook: "", checks: {}, clusters: fresh.clusters },
      ...{ missedRule: "run_once", enabled: true },
    };
  }
  const { name, cron, timeZone, missedRule, enabled } = schedule;
  return {
    ...{ name, cron, timeZone, missedRule, enabled, jitterSeconds: String(schedule.jitterSeconds) },
    ...{ single: schedule.runbook === null, runbook: schedule.runbook ?? "" },
    checks: Object.fromEntries(schedule.checks.map(({ id, params }) => [id, typed(params)])),
    clusters: schedule.clusters.map(({ slug }) => slug),
  };
}

function typed(params: Record<string, unknown>): ParamDraft {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "boolean" ? value : String(value)]),
  );
}

/** As the server takes it; what is no number is sent as it was typed, for the server to refuse at its field. */
export function inputOf(draft: ScheduleDraft, checks: CheckView[]) {
  const { name, cron, timeZone, clusters, missedRule, enabled } = draft;
  const seconds = Number(draft.jitterSeconds || "0");
  const chosen = checks.flatMap((check) => {
    const params = draft.checks[check.id];
    return params ? [{ id: check.id, params: paramsOf(check.params, params) }] : [];
  });
  return {
    ...{ name, cron, timeZone, clusters, missedRule, enabled },
    jitterSeconds: Number.isFinite(seconds) ? seconds : -1,
    runbook: draft.single ? null : draft.runbook || null,
    checks: draft.single ? chosen : [],
  };
}
