import { z } from "zod";
import type { FindingPage } from "#common/contracts/run.ts";
import type { Finding } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { livesOf } from "../findings/lives-of.ts";
import { findRun } from "./find-run.ts";
import { toFindingView } from "./views.ts";

const worstFirst = ["fail", "unknown", "warn", "pass"] as const;
type FindingVerdict = (typeof worstFirst)[number];

const placeSchema = z.object({
  verdict: z.enum(worstFirst),
  resultId: z.uuid(),
  ordinal: z.int32().min(0),
});
type Place = z.infer<typeof placeSchema>;

type ListFindings = {
  ctx: TeamContext;
  input: {
    runId: string;
    resultId?: string;
    verdict?: FindingVerdict;
    cursor?: string | null;
    limit: number;
  };
};

/** A page of findings, worst first: one verdict after the other, each in the order of the primary key. */
export async function listFindings({ ctx, input }: ListFindings): Promise<FindingPage> {
  const from = decodeCursor(placeSchema, input.cursor);
  const run = await findRun(ctx, input.runId);
  const scope = { runId: run.id, resultId: input.resultId };
  const wanted = input.verdict ? [input.verdict] : worstFirst;
  const rows: Finding[] = [];
  for (const verdict of from ? wanted.slice(wanted.indexOf(from.verdict)) : wanted) {
    const missing = input.limit + 1 - rows.length;
    if (missing <= 0) break;
    const after = from?.verdict === verdict ? { OR: isAfter(from) } : {};
    const found = await ctx.db.finding.findMany({
      where: { ...scope, verdict, ...after },
      orderBy: [{ resultId: "asc" }, { ordinal: "asc" }],
      take: missing,
    });
    rows.push(...found);
  }
  const items = rows.slice(0, input.limit);
  const checkIds = await checkIdsOf(ctx, run.id, new Set(items.map((row) => row.resultId)));
  const lives = await livesOf(ctx, run, items);
  return {
    items: items.map((row) => ({
      ...toFindingView(row, checkIds.get(row.resultId) ?? ""),
      life: lives.get(row.fingerprint) ?? null,
    })),
    next: rows.length > items.length ? placeOf(items.at(-1)) : null,
  };
}

function isAfter(place: Place) {
  return [{ resultId: { gt: place.resultId } }, { resultId: place.resultId, ordinal: { gt: place.ordinal } }];
}

function placeOf(last: Finding | undefined): string | null {
  return last
    ? encodeCursor({ verdict: last.verdict, resultId: last.resultId, ordinal: last.ordinal })
    : null;
}

async function checkIdsOf(
  ctx: TeamContext,
  runId: string,
  resultIds: Set<string>,
): Promise<Map<string, string>> {
  const results = await ctx.db.result.findMany({
    where: { runId, id: { in: [...resultIds] } },
    select: { id: true, checkId: true },
  });
  return new Map(results.map(({ id, checkId }) => [id, checkId]));
}
