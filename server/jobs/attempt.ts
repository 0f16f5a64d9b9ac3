import type { Counts } from "#common/result.ts";
import type { Run, RunPart } from "#generated/prisma/client.ts";
import type { Database, DatabaseTransaction } from "../db.ts";

const transactionOptions = { maxWait: 30_000, timeout: 120_000 };

/** What a worker holds of the part it works on. Whoever begins a later attempt makes this one void. */
export type Attempt = { run: Run; part: RunPart; number: number };

/** Another attempt has begun or the part has ended: nothing of ours may be written any more. */
export class FenceLost extends Error {
  override name = "FenceLost";
}

/**
 * One transaction that first takes the part's row; throws FenceLost if the part is not ours. `raise` gives the run's
 * next `seq` and takes the run's row, which all parts share: the later it is called, the less they wait for each other.
 */
export function underFence<T>(
  db: Database,
  { run, part, number }: Attempt,
  work: (tx: DatabaseTransaction, raise: (settled?: Partial<Counts>) => Promise<number>) => Promise<T>,
): Promise<T> {
  return db.$transaction(async (tx) => {
    const held = await tx.$queryRaw<unknown[]>`
      SELECT FROM run_part WHERE "runId" = ${run.id}::uuid AND ordinal = ${part.ordinal}
        AND attempt = ${number} AND status = 'running' FOR UPDATE`;
    if (held.length === 0) throw new FenceLost();
    return work(tx, (settled = {}) => raiseSeq(tx, run.id, settled));
  }, transactionOptions);
}

/** The run's own counts grow with its results, so that whoever follows it sees them while it runs. */
async function raiseSeq(tx: DatabaseTransaction, runId: string, settled: Partial<Counts>): Promise<number> {
  const rows = await tx.$queryRaw<{ seq: number }[]>`
    UPDATE run SET seq = seq + 1, counts = counts || coalesce((
        SELECT jsonb_object_agg(key, coalesce((counts ->> key)::int, 0) + value::int)
        FROM jsonb_each_text(${JSON.stringify(settled)}::jsonb)), '{}')
    WHERE id = ${runId}::uuid RETURNING seq`;
  const [row] = rows;
  if (!row) throw new FenceLost();
  return row.seq;
}
