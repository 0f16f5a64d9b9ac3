import type { Database } from "#server/db.ts";

/** Opens again what was muted until a time that has come, and says so. Returns how many. */
export async function endMutes(db: Database): Promise<number> {
  return db.$executeRaw`
    WITH due AS (
      SELECT id FROM finding_state WHERE state = 'muted' AND "mutedUntil" <= now()
      ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
    ), opened AS (
      UPDATE finding_state s SET state = 'open', "muteById" = NULL, "muteBy" = NULL, "mutedAt" = NULL,
        "muteReason" = NULL, "mutedUntil" = NULL
      FROM due WHERE s.id = due.id
      RETURNING s.id, s."teamId", s."clusterId", s.fingerprint, s.verdict
    ), told AS (
      SELECT pg_notify('weekbook_run', 'findings ' || "teamId") FROM (SELECT DISTINCT "teamId" FROM opened) AS teams
    ), made AS (
      INSERT INTO finding_event ("teamId", "clusterId", "findingId", fingerprint, kind, verdict)
      SELECT "teamId", "clusterId", id, fingerprint, 'unmuted', verdict FROM opened RETURNING id
    )
    SELECT count(*) FROM made, (SELECT count(*) FROM told) AS sent`;
}
