import type { FindingLife } from "#common/contracts/finding.ts";
import type { PastResult } from "#common/contracts/history.ts";
import type { RunSummary } from "#common/contracts/run.ts";
import type { Subject } from "#common/result.ts";

/** A line of a table: the names of its columns, which all lines of a view share, and what is in them. */
export type ViewRow = Record<string, string | number | Date | null | undefined>;

/**
 * One thing that is listed: as the API has it, and the lines of a table that stand for it. `more`: the view goes no
 * further than this one, and there are more.
 */
export type ViewItem = { item: unknown; rows: ViewRow[]; more?: boolean };

export function runRow(run: RunSummary): ViewRow {
  const { id, runbook, clusters, checks, status, verdict, counts, requestedBy } = run;
  return {
    ...{ run: id, asked_at: run.createdAt, requested_by: requestedBy, runbook },
    ...{ clusters: clusters.map(({ slug }) => slug).join(" "), checks: checks.join(" "), status, verdict },
    ...{
      pass: counts.pass,
      warn: counts.warn,
      fail: counts.fail,
      unknown: counts.unknown,
      skip: counts.skip,
    },
    ...{ started_at: run.startedAt, ended_at: run.endedAt },
  };
}

export function resultRow(result: PastResult): ViewRow {
  const { id, runId, checkId, cluster, targetName, verdict, counts, requestedBy, at } = result;
  return {
    ...{ run: runId, result: id, asked_at: at, requested_by: requestedBy, cluster: cluster.slug },
    ...{ check: checkId, target: targetName, verdict },
    ...{ findings_fail: counts.fail, findings_warn: counts.warn, findings_unknown: counts.unknown },
    findings_pass: counts.pass,
  };
}

export function findingRow(life: FindingLife): ViewRow {
  const { acknowledged, muted } = life;
  return {
    ...{ finding: life.id, state: life.state, verdict: life.verdict, cluster: life.cluster.slug },
    ...{ check: life.checkId, target: life.targetName, code: life.code, ...subjectCells(life.subject) },
    ...{ message: life.message.en, first_seen: life.firstSeenAt, open_since: life.openedAt },
    ...{ last_seen: life.lastSeenAt, resolved_at: life.resolvedAt, not_looked_for_alike: life.staleSince },
    ...{ acknowledged_by: acknowledged?.by, acknowledged_at: acknowledged?.at, note: acknowledged?.note },
    ...{ muted_by: muted?.by, muted_until: muted?.until, reason: muted?.note },
    fingerprint: life.fingerprint,
  };
}

export function subjectCells({ kind, namespace, name, part }: Subject): ViewRow {
  return { kind, namespace, name, part };
}
