import { z } from "zod";
import type { Transition } from "#common/contracts/channel.ts";
import { compareVerdicts, type Verdict } from "#common/verdict.ts";

/** A notice as it lies in the database, in the order in which they were made, with the cluster it is about. */
export type NoticeRow = {
  kind: Transition;
  verdict: Verdict;
  previousVerdict: Verdict | null;
  runId: string | null;
  findingId: string | null;
  checkId: string | null;
  targetName: string | null;
  scheduleId: string | null;
  about: unknown;
  at: Date;
  slug: string | null;
  name: string | null;
  production: boolean | null;
};

/** What a notice of a schedule or a check says beyond its columns. */
export const aboutSchema = z.object({
  schedule: z.string().optional(),
  why: z.enum(["refused", "missed", "disabled", "failed"]).optional(),
  clusterIds: z.array(z.string()).optional(),
  checkIds: z.array(z.string()).optional(),
  runbook: z.string().nullish(),
  reason: z.string().optional(),
});

type Cluster = { slug: string; name: string; production: boolean };
export type FoldedFinding = {
  id: string;
  checkId: string;
  change: Transition;
  verdict: Verdict;
  previousVerdict: Verdict | null;
  cluster: Cluster;
  at: string;
};
type FoldedCheck = {
  change: Transition;
  checkId: string;
  target: string;
  cluster: Cluster;
  reason: string | null;
  runId: string | null;
};
type FoldedSchedule = {
  id: string;
  name: string;
  reason: "refused" | "missed" | "disabled" | "failed";
  at: string;
  runId: string | null;
};
export type Fold = {
  /** worst first; what is gone comes last */
  findings: FoldedFinding[];
  checks: FoldedCheck[];
  schedules: FoldedSchedule[];
  counts: Partial<Record<Transition, number>>;
  clusters: (Cluster & { new: number; gone: number; worse: number })[];
  runIds: string[];
};

/** One line for each thing, whatever became of it meanwhile: what went back to where it was is no news. */
export function foldNotices(rows: readonly NoticeRow[]): Fold {
  const findings = [...groupsOf(rows, ({ findingId }) => findingId).values()]
    .flatMap((group) => foldFinding(group) ?? [])
    .sort(worstFirst);
  const checks = [...groupsOf(rows, checkKey).values()].flatMap((group) => foldCheck(group) ?? []);
  const schedules = [...groupsOf(rows, ({ scheduleId }) => scheduleId).values()].flatMap(
    (group) => foldSchedule(group) ?? [],
  );
  const counts: Fold["counts"] = {};
  const count = (change: Transition) => {
    counts[change] = (counts[change] ?? 0) + 1;
  };
  for (const { change } of [...findings, ...checks]) count(change);
  for (const _ of schedules) count("not_run");
  return {
    ...{ findings, checks, schedules, counts, clusters: clustersOf(findings, checks) },
    runIds: [...new Set(rows.flatMap(({ runId }) => runId ?? []))],
  };
}

function groupsOf(rows: readonly NoticeRow[], keyOf: (row: NoticeRow) => string | null) {
  const groups = new Map<string, NoticeRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function foldFinding(group: readonly NoticeRow[]): FoldedFinding | null {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last || last.findingId === null) return null;
  const change = netChange(first, last);
  if (change === null) return null;
  const appeared = change === "opened" || change === "reopened";
  return {
    ...{ id: last.findingId, checkId: last.checkId ?? "", change, verdict: last.verdict },
    previousVerdict: appeared ? null : change === "resolved" ? null : first.previousVerdict,
    ...{ cluster: clusterOf(last), at: last.at.toISOString() },
  };
}

function netChange(first: NoticeRow, last: NoticeRow): Transition | null {
  if (last.kind === "resolved" || first === last) return last.kind;
  if (first.kind === "opened" || first.kind === "reopened") return first.kind;
  const before = first.kind === "resolved" ? first.verdict : (first.previousVerdict ?? last.verdict);
  const difference = compareVerdicts(last.verdict, before);
  if (difference === 0) return null;
  return difference > 0 ? "worsened" : "eased";
}

function checkKey({ kind, checkId, targetName, slug }: NoticeRow): string | null {
  return kind === "unreadable" || kind === "readable" ? JSON.stringify([slug, checkId, targetName]) : null;
}

function foldCheck(group: readonly NoticeRow[]): FoldedCheck | null {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last || first.kind !== last.kind) return null;
  return {
    ...{ change: last.kind, checkId: last.checkId ?? "", target: last.targetName ?? "" },
    ...{ cluster: clusterOf(last), runId: last.runId },
    reason: aboutSchema.nullable().parse(last.about)?.reason ?? null,
  };
}

function foldSchedule(group: readonly NoticeRow[]): FoldedSchedule | null {
  const last = group.at(-1);
  const about = aboutSchema.nullable().parse(last?.about ?? null);
  if (!last || last.scheduleId === null || !about?.why) return null;
  const { scheduleId: id, runId } = last;
  return { id, name: about.schedule ?? "", reason: about.why, at: last.at.toISOString(), runId };
}

function clusterOf({ slug, name, production }: NoticeRow): Cluster {
  return { slug: slug ?? "", name: name ?? "", production: production ?? false };
}

function worstFirst(a: FoldedFinding, b: FoldedFinding): number {
  const gone = Number(a.change === "resolved") - Number(b.change === "resolved");
  return (
    gone || compareVerdicts(b.verdict, a.verdict) || b.at.localeCompare(a.at) || a.id.localeCompare(b.id)
  );
}

function clustersOf(findings: readonly FoldedFinding[], checks: readonly FoldedCheck[]): Fold["clusters"] {
  const found = new Map<string, Fold["clusters"][number]>();
  const at = ({ cluster }: { cluster: Cluster }) => {
    const known = found.get(cluster.slug) ?? { ...cluster, new: 0, gone: 0, worse: 0 };
    found.set(cluster.slug, known);
    return known;
  };
  for (const finding of findings) {
    const entry = at(finding);
    if (finding.change === "opened" || finding.change === "reopened") entry.new += 1;
    if (finding.change === "resolved") entry.gone += 1;
    if (finding.change === "worsened") entry.worse += 1;
  }
  for (const check of checks) at(check);
  return [...found.values()].sort(
    (a, b) => Number(b.production) - Number(a.production) || a.name.localeCompare(b.name),
  );
}
