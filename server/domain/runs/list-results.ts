import { z } from "zod";
import type { ResultPage } from "#common/contracts/run.ts";
import type { Result } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { clusterNames, findRun } from "./find-run.ts";
import { toResultView } from "./views.ts";

/** What is under way has no verdict yet and stands first. */
const order = [null, "fail", "unknown", "warn", "pass", "skip"] as const;
type ResultVerdict = (typeof order)[number];

const placeSchema = z.object({
  verdict: z.enum(["fail", "unknown", "warn", "pass", "skip"]).nullable(),
  part: z.int32().min(0),
  ordinal: z.int32().min(0),
});

type ListResults = {
  ctx: TeamContext;
  input: {
    runId: string;
    cluster?: string;
    checkId?: string;
    verdict?: Exclude<ResultVerdict, null>;
    cursor?: string | null;
    limit: number;
  };
};

/** A page of results, one verdict after the other; of one check on the targets of one cluster, or of all. */
export async function listResults({ ctx, input }: ListResults): Promise<ResultPage> {
  const from = decodeCursor(placeSchema, input.cursor);
  const run = await findRun(ctx, input.runId);
  const names = await clusterNames(ctx, run.clusterIds);
  const slugOf = (id: string) => names.get(id)?.slug ?? id;
  const clusterId =
    input.cluster === undefined ? undefined : run.clusterIds.find((id) => slugOf(id) === input.cluster);
  if (input.cluster !== undefined && clusterId === undefined) return { items: [], next: null };
  const wanted: readonly ResultVerdict[] = input.verdict ? [input.verdict] : order;
  const rows: Result[] = [];
  for (const verdict of from ? wanted.slice(wanted.indexOf(from.verdict)) : wanted) {
    const missing = input.limit + 1 - rows.length;
    if (missing <= 0) break;
    const after = from?.verdict === verdict ? isAfter(from) : {};
    const found = await ctx.db.result.findMany({
      where: { runId: run.id, clusterId, checkId: input.checkId, verdict, ...after },
      orderBy: [{ part: "asc" }, { ordinal: "asc" }],
      take: missing,
    });
    rows.push(...found);
  }
  const items = rows.slice(0, input.limit);
  return {
    items: items.map((row) => toResultView(row, slugOf(row.clusterId))),
    next: rows.length > items.length ? placeOf(items.at(-1)) : null,
  };
}

function isAfter({ part, ordinal }: z.infer<typeof placeSchema>) {
  return { OR: [{ part: { gt: part } }, { part, ordinal: { gt: ordinal } }] };
}

function placeOf(last: Result | undefined): string | null {
  return last ? encodeCursor({ verdict: last.verdict, part: last.part, ordinal: last.ordinal }) : null;
}
