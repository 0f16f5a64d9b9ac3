import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { Result } from "#generated/prisma/client.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import type { FindingRecord, Outcome } from "../engine/execution.ts";
import { type Attempt, underFence } from "./attempt.ts";
import { storableJson, storableText } from "./storable.ts";

const ROWS_PER_INSERT = 1_000;
const compress = promisify(zstdCompress);

/**
 * Everything of one settled question in one transaction under the fence: either all of it is there, once, or none.
 * A result that is already done stays as it is.
 */
export async function recordOutcome(
  db: Database,
  attempt: Attempt,
  result: Pick<Result, "id" | "checkId" | "target">,
  outcome: Outcome,
): Promise<void> {
  const facts = Buffer.from(JSON.stringify(storableJson(outcome.facts)));
  const packed = new Uint8Array(await compress(facts));
  const at = { runId: attempt.run.id, resultId: result.id };
  await underFence(db, attempt, async (tx, seq) => {
    const { count } = await tx.result.updateMany({
      where: { runId: at.runId, id: at.resultId, phase: { not: "done" } },
      data: {
        phase: "done",
        verdict: outcome.verdict,
        reason: outcome.reason ? storableJson(outcome.reason) : Prisma.DbNull,
        counts: outcome.counts,
        coverage: storableJson(outcome.coverage),
        cost: outcome.cost,
        progress: Prisma.DbNull,
        startedAt: outcome.startedAt,
        endedAt: outcome.endedAt,
        seq,
      },
    });
    if (count === 0) return;
    await insertFindings(tx, at, outcome.findings);
    await insertMeasurements(tx, at, outcome);
    await tx.facts.create({ data: { ...at, data: packed, byteLength: facts.length } });
    await countResult(tx, at.runId, outcome.verdict);
    if (tellsTheState(outcome)) await upsertState(tx, attempt, result, outcome);
  });
}

async function insertFindings(
  tx: DatabaseTransaction,
  at: { runId: string; resultId: string },
  findings: FindingRecord[],
): Promise<void> {
  for (let from = 0; from < findings.length; from += ROWS_PER_INSERT) {
    const rows = findings.slice(from, from + ROWS_PER_INSERT).map((finding, index) => ({
      ...at,
      ordinal: from + index,
      fingerprint: finding.fingerprint,
      verdict: finding.verdict,
      code: finding.code,
      subject: storableJson(finding.subject),
      affected: finding.affected ? storableJson(finding.affected) : Prisma.DbNull,
      message: storableJson(finding.message),
      observed: finding.observed === undefined ? null : storableText(finding.observed),
      expected: finding.expected === undefined ? null : storableText(finding.expected),
      evidence: storableJson(finding.evidence ?? []),
      remedy: storableJson(finding.remedy ?? []),
    }));
    await tx.finding.createMany({ data: rows });
  }
}

async function insertMeasurements(
  tx: DatabaseTransaction,
  at: { runId: string; resultId: string },
  { measurements }: Outcome,
): Promise<void> {
  for (let from = 0; from < measurements.length; from += ROWS_PER_INSERT) {
    const rows = measurements.slice(from, from + ROWS_PER_INSERT).map((measurement, index) => ({
      ...at,
      ordinal: from + index,
      name: storableText(measurement.name),
      subject: measurement.subject === undefined ? null : storableText(measurement.subject),
      value: measurement.value,
      unit: measurement.unit,
    }));
    await tx.measurement.createMany({ data: rows });
  }
}

/** The run's own counts grow with its results, so that whoever follows it sees them while it runs. */
async function countResult(tx: DatabaseTransaction, runId: string, verdict: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE run SET counts = counts || jsonb_build_object(${verdict}::text, coalesce((counts ->> ${verdict}::text)::int, 0) + 1)
    WHERE id = ${runId}::uuid`;
}

/** A cancelled check and one whose document was not given have found out nothing: what was known before stands. */
function tellsTheState({ reason }: Outcome): boolean {
  return reason?.code !== "cancelled" && reason?.code !== "not-supplied";
}

/** By the database's clock: a worker whose own is ahead would shut out every later verdict until the others catch up. */
async function upsertState(
  tx: DatabaseTransaction,
  { run }: Attempt,
  result: Pick<Result, "id" | "checkId" | "target">,
  outcome: Outcome,
): Promise<void> {
  const counts = JSON.stringify(outcome.counts);
  await tx.$executeRaw`
    INSERT INTO check_state AS old ("clusterId", "checkId", target, "teamId", verdict, "changedAt", "checkedAt",
      "checkedBy", "runId", "resultId", counts)
    VALUES (${run.clusterId}::uuid, ${result.checkId}, ${result.target}, ${run.teamId}::uuid,
      ${outcome.verdict}::verdict, now(), now(), ${run.requestedBy}, ${run.id}::uuid,
      ${result.id}::uuid, ${counts}::jsonb)
    ON CONFLICT ("clusterId", "checkId", target) DO UPDATE SET
      "previousVerdict" = CASE WHEN old.verdict <> excluded.verdict THEN old.verdict ELSE old."previousVerdict" END,
      "changedAt" = CASE WHEN old.verdict <> excluded.verdict THEN excluded."changedAt" ELSE old."changedAt" END,
      verdict = excluded.verdict, "checkedAt" = excluded."checkedAt", "checkedBy" = excluded."checkedBy",
      "runId" = excluded."runId", "resultId" = excluded."resultId", counts = excluded.counts
    WHERE old."checkedAt" <= excluded."checkedAt"`;
}
