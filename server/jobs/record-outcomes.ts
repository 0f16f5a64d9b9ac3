import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { Counts } from "#common/result.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";
import { recordLife } from "../domain/findings/record-life.ts";
import { seriesId } from "../domain/measurements/series-id.ts";
import { noteUnknown } from "../domain/notifications/note.ts";
import type { FindingRecord, Outcome } from "../engine/execution.ts";
import { tell } from "../metrics/events.ts";
import { type Attempt, underFence } from "./attempt.ts";
import { writeWords } from "./record-words.ts";
import type { ResultRow } from "./run-results.ts";
import { storableJson, storableText } from "./storable.ts";
import { documentsOf } from "./without-documents.ts";

const ROWS_PER_INSERT = 1_000;
const compress = promisify(zstdCompress);

export type Settled = { row: Pick<ResultRow, "id" | "checkId" | "target">; outcome: Outcome };
type Packed = Settled & { facts: { data: Uint8Array<ArrayBuffer>; byteLength: number } };

/**
 * Everything of some settled questions in one transaction under the fence: either all of it is there, once, or none.
 * A result that is already done stays as it is.
 */
export async function recordOutcomes(
  db: Database,
  attempt: Attempt,
  settled: readonly Settled[],
): Promise<void> {
  // One after the other: the facts of a large cluster, as text and as bytes, are in memory for one check at a time.
  const packed: Packed[] = [];
  for (const each of settled) packed.push(await pack(each));
  const { runId } = attempt.part;
  const recorded = await underFence(db, attempt, async (tx, raise) => {
    // The fence lets nobody else write this part's results, so what is open now stays open until we close it.
    const rows = await tx.result.findMany({
      where: { runId, id: { in: packed.map(({ row }) => row.id) }, phase: { not: "done" } },
      select: { id: true },
    });
    const open = new Set(rows.map(({ id }) => id));
    const fresh = packed.filter(({ row }) => open.delete(row.id));
    if (fresh.length === 0) return [];
    const findings = fresh.flatMap(({ row, outcome }) => findingRows(runId, row.id, outcome.findings));
    // What was judged again was measured then, by another run: it is no news of the target.
    const measured = attempt.run.judgedFromId === null;
    const series = measured
      ? (of: SeriesOf) => seriesId({ ...of, clusterId: attempt.part.clusterId })
      : () => null;
    const measurements = fresh.flatMap((each) => measurementRows(runId, each, series));
    const pictures = fresh.flatMap((each) => pictureRows(runId, each));
    await inChunks(findings, (data) => tx.finding.createMany({ data }));
    await inChunks(measurements, (data) => tx.measurement.createMany({ data }));
    await inChunks(pictures, (data) => tx.picture.createMany({ data }));
    await writeWords(tx, attempt.part, fresh);
    if (measured)
      await tx.facts.createMany({
        data: fresh.map(({ row, facts }) => ({ runId, resultId: row.id, ...facts })),
      });
    const telling = fresh.filter(({ outcome }) => measured && tellsTheState(outcome));
    const seq = await raise(countsOf(fresh));
    await closeResults(tx, runId, fresh, seq);
    if (telling.length > 0) await recordStates(tx, attempt, telling);
    return fresh;
  });
  for (const { outcome } of recorded) {
    tell("result-recorded", { verdict: outcome.verdict, reason: outcome.reason?.code ?? null });
  }
}

/** The newest verdicts, and what they mean for the lives of their findings; an answer that came too late for both. */
async function recordStates(
  tx: DatabaseTransaction,
  attempt: Attempt,
  telling: readonly Settled[],
): Promise<void> {
  const { runId, clusterId, teamId } = attempt.part;
  const newest = new Set(await upsertStates(tx, attempt, telling));
  const documents = documentsOf(attempt.run.selection);
  const results = telling.flatMap(
    ({ row: { id, checkId, target }, outcome: { verdict, reason, coverage } }) =>
      newest.has(id) ? [{ id, target, verdict, reason, coverage, document: documents.get(checkId) }] : [],
  );
  if (results.length === 0) return;
  await recordLife(tx, { teamId, clusterId, runId }, results);
  await noteUnknown(tx, { teamId, clusterId, runId }, [...newest]);
}

async function pack({ row, outcome }: Settled): Promise<Packed> {
  // Bytes to the database: what JSON can hold needs no further care, and a copy of them would be large.
  const facts = Buffer.from(JSON.stringify(outcome.facts));
  const data = new Uint8Array(await compress(facts));
  return { row, outcome, facts: { data, byteLength: facts.length } };
}

async function inChunks<Row>(rows: Row[], insert: (chunk: Row[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await insert(rows.slice(from, from + ROWS_PER_INSERT));
  }
}

function countsOf(settled: readonly Settled[]): Partial<Counts> {
  const counts: Partial<Counts> = {};
  for (const { outcome } of settled) counts[outcome.verdict] = (counts[outcome.verdict] ?? 0) + 1;
  return counts;
}

async function closeResults(
  tx: DatabaseTransaction,
  runId: string,
  settled: readonly Settled[],
  seq: number,
): Promise<void> {
  const news = settled.map(({ row, outcome }) => ({
    ...{ id: row.id, verdict: outcome.verdict, reason: outcome.reason ?? null, counts: outcome.counts },
    ...{ coverage: outcome.coverage, cost: outcome.cost },
    ...{ startedAt: outcome.startedAt, endedAt: outcome.endedAt, observedAt: outcome.facts.observedAt },
  }));
  await tx.$executeRaw`
    UPDATE result SET phase = 'done', verdict = news.verdict::verdict, reason = news.reason, counts = news.counts,
      coverage = news.coverage, cost = news.cost, progress = NULL, "startedAt" = news."startedAt",
      "endedAt" = news."endedAt", "observedAt" = news."observedAt", seq = ${seq}
    FROM jsonb_to_recordset(${JSON.stringify(storableJson(news))}::jsonb) AS news(id uuid, verdict text, reason jsonb,
      counts jsonb, coverage jsonb, cost jsonb, "startedAt" timestamptz, "endedAt" timestamptz, "observedAt" timestamptz)
    WHERE result."runId" = ${runId}::uuid AND result.id = news.id AND result.phase <> 'done'`;
}

function findingRows(
  runId: string,
  resultId: string,
  findings: FindingRecord[],
): Prisma.FindingCreateManyInput[] {
  return findings.map((finding, ordinal) => ({
    ...{ runId, resultId, ordinal },
    fingerprint: finding.fingerprint,
    verdict: finding.verdict,
    code: finding.code,
    subject: storableJson(finding.subject),
    affected: finding.affected ? storableJson(finding.affected) : Prisma.DbNull,
    message: storableJson(finding.message),
    observed: finding.observed === undefined ? null : storableText(finding.observed),
    expected: finding.expected === undefined ? null : storableText(finding.expected),
    texts: finding.texts ? storableJson(finding.texts) : Prisma.DbNull,
    evidence: storableJson(finding.evidence ?? []),
    remedy: storableJson(finding.remedy ?? []),
  }));
}

function pictureRows(runId: string, { row, outcome }: Settled): Prisma.PictureCreateManyInput[] {
  return outcome.pictures.map((picture, ordinal) => ({
    ...{ runId, resultId: row.id, ordinal },
    data: storableJson(picture),
  }));
}

type SeriesOf = Omit<Parameters<typeof seriesId>[0], "clusterId">;

function measurementRows(
  runId: string,
  { row, outcome }: Settled,
  series: (of: SeriesOf) => string | null,
): Prisma.MeasurementCreateManyInput[] {
  const { checkId, target } = row;
  return outcome.measurements.map((measurement, ordinal) => {
    const { value, unit, warn, fail } = measurement;
    const name = storableText(measurement.name);
    const subject = measurement.subject === undefined ? null : storableText(measurement.subject);
    return {
      ...{ runId, resultId: row.id, ordinal, name, subject, value, unit },
      series: series({ checkId, target, name, subject, unit }),
      ...(warn || fail ? { bounds: { warn, fail } } : {}),
    };
  });
}

/** A cancelled check and one whose document was not given have found out nothing: what was known before stands. */
function tellsTheState({ reason }: Outcome): boolean {
  return reason?.code !== "cancelled" && reason?.code !== "not-supplied";
}

/**
 * By the database's clock: a worker whose own is ahead would shut out every later verdict until the others catch up.
 * In the order of the key, so that two runs over one cluster do not wait for each other in a circle. Returns the
 * results that are the newest now.
 */
async function upsertStates(
  tx: DatabaseTransaction,
  { run, part }: Attempt,
  settled: readonly Settled[],
): Promise<string[]> {
  const news = settled.map(({ row, outcome }) => ({
    ...{ checkId: row.checkId, target: row.target, resultId: row.id },
    ...{ verdict: outcome.verdict, counts: outcome.counts },
  }));
  const kept = await tx.$queryRaw<{ resultId: string }[]>`
    INSERT INTO check_state AS old ("clusterId", "checkId", target, "teamId", verdict, "changedAt", "checkedAt",
      "checkedBy", "runId", "resultId", counts)
    SELECT ${part.clusterId}::uuid, news."checkId", news.target, ${part.teamId}::uuid, news.verdict::verdict, now(),
      now(), ${run.requestedBy}, ${run.id}::uuid, news."resultId", news.counts
    FROM jsonb_to_recordset(${JSON.stringify(storableJson(news))}::jsonb) AS news("checkId" text, target text,
      "resultId" uuid, verdict text, counts jsonb)
    ORDER BY news."checkId" COLLATE "C", news.target COLLATE "C"
    ON CONFLICT ("clusterId", "checkId", target) DO UPDATE SET
      "previousVerdict" = CASE WHEN old.verdict <> excluded.verdict THEN old.verdict ELSE old."previousVerdict" END,
      "changedAt" = CASE WHEN old.verdict <> excluded.verdict THEN excluded."changedAt" ELSE old."changedAt" END,
      verdict = excluded.verdict, "checkedAt" = excluded."checkedAt", "checkedBy" = excluded."checkedBy",
      "runId" = excluded."runId", "resultId" = excluded."resultId", counts = excluded.counts
    WHERE old."checkedAt" <= excluded."checkedAt"
    RETURNING "resultId"`;
  return kept.map(({ resultId }) => resultId);
}
