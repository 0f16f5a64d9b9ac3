import { randomUUID } from "node:crypto";
import { noCounts } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Database } from "#server/db.ts";

/** Rows as a worker leaves them, for tests of what reads them. */

type Place = { db: Database; teamId: string; clusterId: string };

export function makeCluster(place: Omit<Place, "clusterId">, slug: string) {
  return place.db.cluster.create({ data: { teamId: place.teamId, slug, name: slug } });
}

export async function makeRun(
  { db, teamId, clusterId }: Place,
  data: Partial<Omit<Prisma.RunUncheckedCreateInput, "clusterIds" | "parts">> & {
    checks?: string[];
    clusterIds?: string[];
  } = {},
) {
  const { checks = ["kubernetes/example"], clusterIds = [clusterId], ...rest } = data;
  const run = await db.run.create({
    data: {
      teamId,
      clusterIds,
      requestedBy: "Ada",
      status: "done",
      verdict: "fail",
      seq: 3,
      startedAt: new Date(),
      endedAt: new Date(),
      selection: checks.map((id) => ({ id, params: {} })),
      ...rest,
    },
  });
  const { id: runId, status, verdict, startedAt, endedAt } = run;
  await db.runPart.createMany({
    data: clusterIds.map((id, ordinal) => ({
      ...{ runId, ordinal, teamId, clusterId: id, status, verdict, startedAt, endedAt, attempt: 1 },
    })),
  });
  return run;
}

export async function makeResult(
  { db, teamId, clusterId }: Place,
  runId: string,
  data: Partial<Prisma.ResultUncheckedCreateInput> = {},
) {
  return db.result.create({
    data: {
      runId,
      teamId,
      clusterId,
      ordinal: 0,
      checkId: "kubernetes/example",
      checkVersion: 1,
      target: "kubernetes",
      targetName: "example",
      phase: "done",
      verdict: "fail",
      counts: { ...noCounts, fail: 1 },
      seq: 3,
      ...data,
    },
  });
}

type FindingSketch = { fingerprint: string; verdict?: Verdict; observed?: string };

/** Findings in this order; a fingerprint alone makes a failing one. */
export async function makeFindings(
  db: Database,
  { runId, resultId }: { runId: string; resultId: string },
  sketches: FindingSketch[],
) {
  await db.finding.createMany({
    data: sketches.map(({ fingerprint, verdict = "fail", observed }, ordinal) => ({
      runId,
      resultId,
      ordinal,
      fingerprint,
      verdict,
      code: "example",
      subject: { kind: "Pod", namespace: "default", name: fingerprint },
      message: { en: `${fingerprint} is wrong`, "zh-CN": `${fingerprint} 有问题` },
      observed,
    })),
  });
}

/** A finding through time, as the newest of these runs saw it. */
export function makeLife(
  { db, teamId, clusterId }: Place,
  fingerprint: string,
  data: Partial<Prisma.FindingStateUncheckedCreateInput> = {},
) {
  const now = new Date();
  return db.findingState.create({
    data: {
      ...{ teamId, clusterId, fingerprint, checkId: "kubernetes/example", code: "example" },
      ...{ target: "kubernetes", targetName: "example", verdict: "fail" as const, words: fingerprint },
      subject: { kind: "Pod", namespace: "default", name: fingerprint },
      message: { en: `${fingerprint} is wrong`, "zh-CN": `${fingerprint} 有问题` },
      ...{ firstSeenAt: now, openedAt: now, lastSeenAt: now },
      ...{ lastRunId: randomUUID(), lastResultId: randomUUID(), lastOrdinal: 0, askedAs: [] },
      ...data,
    },
  });
}
