import { z } from "zod";
import {
  type FindingView,
  type ResultView,
  type RunSummary,
  resultViewSchema,
} from "#common/contracts/run.ts";
import {
  type Cost,
  type Counts,
  costSchema,
  countsSchema,
  coverageSchema,
  evidenceSchema,
  findingSchema,
  noCounts,
  progressSchema,
  reasonSchema,
  remedyStepSchema,
  subjectSchema,
} from "#common/result.ts";
import { textSchema } from "#common/text-schema.ts";
import type { Cluster, Finding, Result, Run } from "#generated/prisma/client.ts";

/** Rows as pages see them. Everything stored as JSON is parsed on the way out. */

export type ClusterName = Pick<Cluster, "id" | "slug" | "name" | "practice" | "production">;

// Made once: a schema is compiled when it is first used, and a page has hundreds of rows.
const storedCounts = countsSchema.partial();
const storedCost = costSchema.partial();
const storedProgress = progressSchema.nullable();
const storedReason = reasonSchema.nullable();
const storedCoverage = z.array(coverageSchema);
const storedEvidence = z.array(evidenceSchema);
const storedRemedy = z.array(remedyStepSchema);

export function toCounts(stored: unknown): Counts {
  return { ...noCounts, ...storedCounts.parse(stored) };
}

export function toCost(stored: unknown): Cost | null {
  const parsed = storedCost.parse(stored);
  return Object.keys(parsed).length === 0
    ? null
    : { calls: 0, bytes: 0, throttled: 0, seconds: 0, ...parsed };
}

/** What of a run its summary is made of. */
export type StoredRun = Pick<
  Run,
  | ("id" | "runbook" | "requestedBy" | "scheduleId" | "judgedFromId" | "status" | "verdict")
  | ("createdAt" | "startedAt" | "endedAt")
> & { counts: unknown; cost: unknown };

/** `checks`: the ids of the selection, which is left in the database for the documents it may hold. */
export function toRunSummary(
  run: StoredRun,
  { clusters, checks }: { clusters: RunSummary["clusters"]; checks: string[] },
): RunSummary {
  return {
    id: run.id,
    clusters: clusters.map(({ slug, name, practice, production }) => ({ slug, name, practice, production })),
    runbook: run.runbook,
    checks,
    requestedBy: run.requestedBy,
    scheduleId: run.scheduleId,
    judgedFrom: run.judgedFromId,
    status: run.status,
    verdict: run.verdict,
    counts: toCounts(run.counts),
    cost: toCost(run.cost),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
  };
}

/** `cluster`: the slug of the result's cluster. */
export function toResultView(result: Result, cluster: string): ResultView {
  return {
    id: result.id,
    cluster,
    part: result.part,
    ordinal: result.ordinal,
    checkId: result.checkId,
    checkVersion: result.checkVersion,
    target: result.target,
    targetName: result.targetName,
    params: resultViewSchema.shape.params.parse(result.params),
    phase: result.phase,
    progress: storedProgress.parse(result.progress),
    verdict: result.verdict,
    reason: storedReason.parse(result.reason),
    counts: toCounts(result.counts),
    coverage: storedCoverage.parse(result.coverage),
    cost: toCost(result.cost),
    startedAt: result.startedAt,
    endedAt: result.endedAt,
    facts: factsOf(result),
    seq: result.seq,
  };
}

function factsOf({ factsRunId: runId, factsResultId: resultId, observedAt }: Result): ResultView["facts"] {
  return runId === null || resultId === null ? null : { runId, resultId, observedAt };
}

export function toFindingView(finding: Finding, checkId: string): FindingView {
  return {
    id: `${finding.resultId}.${finding.ordinal}`,
    resultId: finding.resultId,
    checkId,
    fingerprint: finding.fingerprint,
    verdict: findingSchema.shape.verdict.parse(finding.verdict),
    code: finding.code,
    subject: subjectSchema.parse(finding.subject),
    affected: findingSchema.shape.affected.parse(finding.affected ?? undefined),
    message: textSchema.parse(finding.message),
    observed: finding.observed ?? undefined,
    expected: finding.expected ?? undefined,
    texts: findingSchema.shape.texts.parse(finding.texts ?? undefined),
    evidence: storedEvidence.parse(finding.evidence),
    remedy: storedRemedy.parse(finding.remedy),
  };
}
