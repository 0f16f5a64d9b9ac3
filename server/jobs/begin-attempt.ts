import type { Database } from "../db.ts";
import type { JobPayloads } from "../domain/context.ts";
import type { Attempt } from "./attempt.ts";
import { failPart } from "./end-part.ts";

/** A part that fails its worker this often fails for good: every run ends. */
const MAX_ATTEMPTS = 10;

/** Begins the next attempt of a part that has not ended; undefined where there is nothing left to do. */
export async function beginAttempt(
  db: Database,
  { runId, teamId, part: ordinal }: JobPayloads["run-checks"],
): Promise<Attempt | undefined> {
  const rows = await db.$queryRaw<{ attempt: number }[]>`
    WITH begun AS (
      UPDATE run_part SET attempt = attempt + 1, status = 'running',
        "startedAt" = coalesce("startedAt", now()), "heartbeatAt" = now()
      WHERE "runId" = ${runId}::uuid AND ordinal = ${ordinal} AND "teamId" = ${teamId}::uuid
        AND status IN ('queued', 'running')
      RETURNING "runId", attempt
    ), started AS (
      UPDATE run SET seq = seq + 1, status = 'running', "startedAt" = coalesce("startedAt", now())
      FROM begun WHERE run.id = begun."runId"
    )
    SELECT attempt FROM begun`;
  const number = rows[0]?.attempt;
  if (number === undefined) return undefined;
  const { run, ...part } = await db.runPart.findUniqueOrThrow({
    where: { runId_ordinal: { runId, ordinal } },
    include: { run: true },
  });
  const attempt = { run, part, number };
  if (number <= MAX_ATTEMPTS) return attempt;
  const detail = `given up after ${MAX_ATTEMPTS} attempts`;
  await failPart(db, attempt, { code: "internal", what: "carry out the run", detail });
  return undefined;
}
