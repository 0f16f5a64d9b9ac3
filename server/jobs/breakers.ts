import type { Reason, TargetKind } from "#common/result.ts";
import { reasonSchema } from "#common/result.ts";
import type { RunPart } from "#generated/prisma/client.ts";
import { ReadError, type Target } from "../connectors/connector.ts";
import type { Database } from "../db.ts";
import type { Breakers } from "../engine/execution.ts";

/** How long a target is left alone after it was found dead: doubled with each failed try, up to the longest. */
const FIRST_OPEN_SECONDS = 15;
const LONGEST_OPEN_SECONDS = 300;
/** After the time of a connect has passed, whoever wanted to try has tried or is gone. */
const PROBE_SECONDS = 20;

/** `settled`: once all that was found is kept. */
export type OpenBreakers = Breakers & { settled(): Promise<void> };

const keyOf = ({ kind, key }: Pick<Target, "kind" | "key">) => `${kind} ${key}`;

/**
 * What all workers know of a cluster's dead targets, as of the beginning of a part. Of a target whose time is up, this
 * part is the one to try it if it is told so here; until it has, the others still answer with what was found last.
 */
export async function openBreakers(options: {
  db: Database;
  part: Pick<RunPart, "clusterId" | "teamId">;
  targets: readonly Target[];
  onError: (error: unknown) => void;
}): Promise<OpenBreakers> {
  const { db, part, onError } = options;
  const keys = options.targets.map(keyOf);
  const tried = await claimProbes(db, part.clusterId, keys);
  const open = await db.targetBreaker.findMany({
    where: { clusterId: part.clusterId, target: { in: keys.filter((key) => !tried.has(key)) } },
  });
  const dead = new Map(open.map((row) => [row.target, deadError(row)]));
  const writing: Promise<unknown>[] = [];
  return {
    deadOf: (target) => dead.get(keyOf(target)),
    foundDead(target, reason) {
      writing.push(openBreaker(db, part, keyOf(target), reason).catch(onError));
    },
    foundAlive(target) {
      // Most targets were never dead: only who was to try one has something to say.
      if (!tried.delete(keyOf(target))) return;
      const where = { clusterId: part.clusterId, target: keyOf(target) };
      writing.push(db.targetBreaker.deleteMany({ where }).catch(onError));
    },
    settled: async () => {
      await Promise.all(writing);
    },
  };
}

/** A connection that was tested and answers: whatever was found dead behind it may be asked again. */
export async function closeBreakers(db: Database, clusterId: string, kind: TargetKind): Promise<void> {
  await db.targetBreaker.deleteMany({ where: { clusterId, target: { startsWith: `${kind} ` } } });
}

async function claimProbes(db: Database, clusterId: string, keys: string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ target: string }[]>`
    UPDATE target_breaker SET "probeUntil" = now() + make_interval(secs => ${PROBE_SECONDS}::float8)
    WHERE "clusterId" = ${clusterId}::uuid AND target = ANY(${keys}) AND "openUntil" <= now()
      AND ("probeUntil" IS NULL OR "probeUntil" <= now())
    RETURNING target`;
  return new Set(rows.map(({ target }) => target));
}

/** Several parts that find the same target dead at the same time have found it once. */
async function openBreaker(
  db: Database,
  { clusterId, teamId }: Pick<RunPart, "clusterId" | "teamId">,
  target: string,
  reason: Reason,
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO target_breaker AS b ("clusterId", target, "teamId", reason, "foundAt", "openUntil")
    VALUES (${clusterId}::uuid, ${target}, ${teamId}::uuid, ${JSON.stringify(reason)}::jsonb, now(),
      now() + make_interval(secs => ${FIRST_OPEN_SECONDS}::float8))
    ON CONFLICT ("clusterId", target) DO UPDATE SET reason = excluded.reason, failures = b.failures + 1,
      "foundAt" = now(), "probeUntil" = NULL, "openUntil" = now() + make_interval(secs =>
        least(${LONGEST_OPEN_SECONDS}::float8, ${FIRST_OPEN_SECONDS}::float8 * 2 ^ least(b.failures, 10)))
    WHERE b."openUntil" <= now()`;
}

function deadError(row: { reason: unknown; foundAt: Date; openUntil: Date }): ReadError {
  const reason = reasonSchema.parse(row.reason);
  const when = `found at ${clock(row.foundAt)}, asked again after ${clock(row.openUntil)} UTC or when tested`;
  return new ReadError({ ...reason, detail: reason.detail ? `${reason.detail}; ${when}` : when });
}

function clock(at: Date): string {
  return at.toISOString().slice(11, 19);
}
