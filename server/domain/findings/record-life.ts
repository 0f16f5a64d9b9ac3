import { createHash } from "node:crypto";
import type { Coverage, Reason } from "#common/result.ts";
import type { Verdict } from "#common/verdict.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { type FindingsChanged, notifyFindings } from "./notify.ts";

/** A result that has just been recorded, and that the newest verdict of its check on its target is from. */
export type ToldResult = {
  id: string;
  target: string;
  verdict: Verdict;
  reason: Reason | undefined;
  coverage: readonly Coverage[];
  /** what was pasted for it to be judged by: another text is another question */
  document: string | undefined;
};

type At = { teamId: string; clusterId: string; runId: string };

/** What is pasted is no part of a cluster: the next paste says nothing about it. */
const pasted = "document";

/**
 * Brings the lives of findings up to the results: what is there now has been seen, what is not is resolved where it
 * surely would have been found again. The rows of check_state are the caller's until it commits, so that nobody else
 * records the same check of the same target meanwhile. A handful of statements, however many findings there are.
 */
export async function recordLife(
  tx: DatabaseTransaction,
  at: At,
  results: readonly ToldResult[],
): Promise<FindingsChanged> {
  const told = JSON.stringify(results.filter(({ target }) => target !== pasted).map(toTold));
  // In one order, so that a person who marks many at a time and we do not wait for each other in a circle.
  await tx.$executeRaw`
    SELECT FROM finding_state s WHERE s."clusterId" = ${at.clusterId}::uuid AND (s."checkId", s.target) IN (
      SELECT r."checkId", r.target FROM jsonb_to_recordset(${told}::jsonb) AS told(id uuid)
      JOIN result r ON r."runId" = ${at.runId}::uuid AND r.id = told.id)
    ORDER BY s.id FOR UPDATE`;
  const seen = await recordSeen(tx, at, told);
  const gone = await recordGone(tx, at, told);
  if (seen + gone > 0) await notifyFindings(tx, at.teamId);
  return { seen, gone };
}

type Told = { id: string; complete: boolean; document: string | null; lacks: string | null };

function toTold({ id, verdict, reason, coverage, document }: ToldResult): Told {
  const needed = coverage.every(({ missing, optional }) => missing.length === 0 || optional === true);
  const judged = verdict === "skip" ? reason?.code === "not-applicable" : !reason && verdict !== "unknown";
  const lacks = coverage.flatMap(({ what, missing }) => (missing.length > 0 ? [what] : [])).sort();
  return {
    ...{ id, complete: judged && needed },
    document: document === undefined ? null : hashOf(document),
    lacks: lacks.length === 0 ? null : hashOf(JSON.stringify(lacks)),
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Opens, reopens, and notes what became worse or milder. Returns how many events that made. */
function recordSeen(tx: DatabaseTransaction, { teamId, clusterId, runId }: At, told: string) {
  return tx.$executeRaw`
    WITH told AS (
      SELECT r.id, r."checkId", r.target, r."targetName", told.lacks,
        md5(concat_ws(' ', r."checkVersion", r.params::text, told.document)) AS asked
      FROM jsonb_to_recordset(${told}::jsonb) AS told(id uuid, document text, lacks text)
      JOIN result r ON r."runId" = ${runId}::uuid AND r.id = told.id
    ), seen AS (
      SELECT DISTINCT ON (f.fingerprint) f.*, told."checkId", told.target, told."targetName",
        array_remove(ARRAY[told.asked, told.asked || ':' || told.lacks], NULL) AS asked
      FROM finding f JOIN told ON told.id = f."resultId"
      WHERE f."runId" = ${runId}::uuid AND f.verdict IN ('warn', 'fail', 'unknown')
      ORDER BY f.fingerprint, array_position('{fail,unknown,warn}'::verdict[], f.verdict), f."resultId", f.ordinal
    ), old AS (
      SELECT s.fingerprint, s.state, s.verdict, s."mutedUntil" FROM finding_state s
      WHERE s."clusterId" = ${clusterId}::uuid AND s.fingerprint = ANY(ARRAY(SELECT fingerprint FROM seen))
    ), kept AS (
      INSERT INTO finding_state AS s ("teamId", "clusterId", fingerprint, "checkId", target, "targetName", code, verdict,
        subject, message, words, "firstSeenAt", "openedAt", "lastSeenAt", "lastRunId", "lastResultId", "lastOrdinal",
        "askedAs")
      SELECT ${teamId}::uuid, ${clusterId}::uuid, fingerprint, "checkId", target, "targetName", code, verdict,
        subject, message,
        lower(left(concat_ws(' ', subject ->> 'namespace', subject ->> 'name', subject ->> 'part', code,
          message ->> 'en', message ->> 'zh-CN'), 2000)),
        now(), now(), now(), "runId", "resultId", ordinal, asked
      FROM seen
      ON CONFLICT ("clusterId", fingerprint) DO UPDATE SET
        verdict = excluded.verdict, subject = excluded.subject, message = excluded.message, words = excluded.words,
        "targetName" = excluded."targetName", "lastSeenAt" = excluded."lastSeenAt",
        "lastRunId" = excluded."lastRunId", "lastResultId" = excluded."lastResultId",
        "lastOrdinal" = excluded."lastOrdinal", "staleSince" = NULL,
        "askedAs" = CASE WHEN s.state = 'resolved' THEN excluded."askedAs"
          WHEN s."askedAs" @> excluded."askedAs" THEN s."askedAs"
          ELSE (excluded."askedAs" || s."askedAs")[:12] END,
        state = CASE WHEN s.state <> 'resolved' THEN s.state
          WHEN s."mutedUntil" > now() THEN 'muted' ELSE 'open' END,
        "openedAt" = CASE WHEN s.state = 'resolved' THEN excluded."openedAt" ELSE s."openedAt" END,
        "resolvedAt" = NULL
      RETURNING s.id, s.fingerprint, s.state, s.verdict, s."lastResultId"
    ), paired AS (
      -- As groups and not as a join: nobody knows beforehand how many there are, and a nested loop of many takes hours.
      SELECT fingerprint, (array_agg(id) FILTER (WHERE id IS NOT NULL))[1] AS id, max(state) AS state,
        max(verdict) AS verdict, max(before) AS before, max("stateBefore") AS "stateBefore", max("mutedUntil") AS until,
        (array_agg("lastResultId") FILTER (WHERE id IS NOT NULL))[1] AS "resultId"
      FROM (
        SELECT fingerprint, id, "lastResultId", state, verdict, NULL::verdict AS before, NULL::finding_status AS "stateBefore",
          NULL::timestamptz AS "mutedUntil" FROM kept
        UNION ALL
        SELECT fingerprint, NULL, NULL, NULL, NULL, verdict, state, "mutedUntil" FROM old
      ) AS sides GROUP BY fingerprint
    ), lived AS (
      SELECT *, CASE
        WHEN "stateBefore" IS NULL THEN 'opened'
        WHEN "stateBefore" = 'resolved' THEN 'reopened'
        WHEN verdict = 'fail' AND before IN ('warn', 'unknown') THEN 'worsened'
        WHEN verdict = 'warn' AND before = 'fail' THEN 'eased' END AS kind,
        coalesce(state = 'muted' AND until > now(), false) AS muted
      FROM paired
    )
    INSERT INTO finding_event ("teamId", "clusterId", "findingId", fingerprint, kind, verdict, "previousVerdict", muted,
      "runId", "resultId")
    SELECT ${teamId}::uuid, ${clusterId}::uuid, id, fingerprint, kind::finding_event_kind, verdict, before, muted,
      ${runId}::uuid, "resultId"
    FROM lived WHERE kind IS NOT NULL`;
}

/** Resolves what a full answer to the question that found it does not hold any more; returns how many. */
async function recordGone(tx: DatabaseTransaction, { teamId, clusterId, runId }: At, told: string) {
  const resolved = await tx.$executeRaw`
    WITH told AS (
      SELECT r.id, r."checkId", r.target,
        concat_ws(':', md5(concat_ws(' ', r."checkVersion", r.params::text, told.document)), told.lacks) AS asked
      FROM jsonb_to_recordset(${told}::jsonb) AS told(id uuid, complete boolean, document text, lacks text)
      JOIN result r ON r."runId" = ${runId}::uuid AND r.id = told.id
      WHERE told.complete
    ), gone AS (
      UPDATE finding_state s SET state = 'resolved', "resolvedAt" = now(), "staleSince" = NULL,
        "ackById" = NULL, "ackBy" = NULL, "ackAt" = NULL, "ackNote" = NULL
      FROM told WHERE s."clusterId" = ${clusterId}::uuid AND s."checkId" = told."checkId" AND s.target = told.target
        AND s.state <> 'resolved' AND s."lastResultId" <> told.id AND told.asked = ANY(s."askedAs")
      RETURNING s.id, s.fingerprint, s.verdict, coalesce(s."mutedUntil" > now(), false) AS muted, told.id AS "resultId"
    )
    INSERT INTO finding_event ("teamId", "clusterId", "findingId", fingerprint, kind, verdict, muted, "runId", "resultId")
    SELECT ${teamId}::uuid, ${clusterId}::uuid, id, fingerprint, 'resolved', verdict, muted, ${runId}::uuid, "resultId"
    FROM gone`;
  // Read fully but asked otherwise: it may be gone, or no longer looked for.
  await tx.$executeRaw`
    UPDATE finding_state s SET "staleSince" = now()
    FROM jsonb_to_recordset(${told}::jsonb) AS told(id uuid, complete boolean)
      JOIN result r ON r."runId" = ${runId}::uuid AND r.id = told.id
    WHERE told.complete AND s."clusterId" = ${clusterId}::uuid AND s."checkId" = r."checkId" AND s.target = r.target
      AND s.state <> 'resolved' AND s."lastResultId" <> r.id AND s."staleSince" IS NULL`;
  return resolved;
}
