import { z } from "zod";
import type { PastResult, PastResultPage } from "#common/contracts/history.ts";
import type { RunFilter } from "#common/contracts/run.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { firstIdAt, timeOfId } from "../id-time.ts";
import { toCounts } from "../runs/views.ts";
import { type Asked, lookUp, within, wordsTellAll } from "./conditions.ts";
import { newestFirst, oneStepMs, windowsBack } from "./windows.ts";

const placeSchema = z.object({ runId: z.uuid(), id: z.uuid() });
type Place = z.infer<typeof placeSchema>;

type ListPastResults = {
  ctx: TeamContext;
  input: { filter: RunFilter; cursor?: string | null; limit: number };
};
type Row = Omit<PastResult, "at" | "counts"> & { counts: unknown };

/** Results across runs, newest run first: what one check said through time, or where a word was found. */
export async function listPastResults({ ctx, input }: ListPastResults): Promise<PastResultPage> {
  const after = decodeCursor(placeSchema, input.cursor);
  const asked = await lookUp(ctx, input.filter);
  if (asked.nothing) return { items: [], next: null };
  // The place itself lies in the first window: of its run there may be more.
  const beyond = after ? firstIdAt(timeOfId(after.runId).getTime() + 1) : undefined;
  const toId = [asked.toId, beyond].filter((id) => id !== undefined).sort()[0];
  const steps = wordsTellAll(asked) ? oneStepMs : undefined;
  const windows = windowsBack({ fromId: asked.fromId, toId }, ctx.now(), steps);
  const rows = await newestFirst(windows, input.limit + 1, (window, limit) =>
    ctx.db.$queryRaw<Row[]>(resultsQuery(ctx, { ...asked, ...window }, { after, limit })),
  );
  const shown = rows.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ counts, ...row }) => ({
      ...row,
      ...{ counts: toCounts(counts), at: timeOfId(row.runId) },
    })),
    next: rows.length > shown.length && last ? encodeCursor({ runId: last.runId, id: last.id }) : null,
  };
}

function resultsQuery(
  ctx: TeamContext,
  asked: Asked,
  { after, limit }: { after: Place | null; limit: number },
): Prisma.Sql {
  const { clusterIds, check, tsquery, verdict, runbook, person } = asked;
  const teamId = ctx.team.id;
  const past = (runId: Prisma.Sql, id: Prisma.Sql) =>
    after
      ? Prisma.sql`AND ${runId} <= ${after.runId}::uuid AND (${runId}, ${id}) < (${after.runId}::uuid, ${after.id}::uuid)`
      : Prisma.empty;
  const words = tsquery
    ? Prisma.sql`w."teamId" = ${teamId}::uuid AND w.words @@ ${tsquery}::tsquery ${within(Prisma.sql`w."runId"`, asked)}`
    : Prisma.empty;
  // Check and cluster are among the words: the page is known before any result is read.
  const inWords = wordsTellAll(asked);
  const picked = inWords
    ? Prisma.sql`JOIN (
        SELECT w."runId", w."resultId" FROM result_text w WHERE ${words} ${past(Prisma.sql`w."runId"`, Prisma.sql`w."resultId"`)}
        GROUP BY w."runId", w."resultId" ORDER BY w."runId" DESC, w."resultId" DESC LIMIT ${limit}
      ) AS picked ON picked."runId" = r."runId" AND picked."resultId" = r.id`
    : Prisma.empty;
  return Prisma.sql`
    SELECT r.id, r."runId", r."checkId", r."targetName", r.verdict, r.counts, run."requestedBy",
      jsonb_build_object('slug', coalesce(c.slug, r."clusterId"::text), 'name', coalesce(c.name, r."clusterId"::text),
        'practice', coalesce(c.practice, false), 'production', coalesce(c.production, false)) AS cluster
    FROM result r JOIN run ON run.id = r."runId" ${picked}
      LEFT JOIN cluster c ON c.id = r."clusterId" AND c."teamId" = r."teamId"
    WHERE r."teamId" = ${teamId}::uuid AND run."teamId" = ${teamId}::uuid
      ${within(Prisma.sql`r."runId"`, asked)} ${within(Prisma.sql`run.id`, asked)}
      ${past(Prisma.sql`r."runId"`, Prisma.sql`r.id`)}
      ${
        tsquery && !inWords
          ? Prisma.sql`AND EXISTS (SELECT FROM result_text w WHERE w."runId" = r."runId" AND w."resultId" = r.id AND ${words})`
          : Prisma.empty
      }
      ${check === undefined ? Prisma.empty : Prisma.sql`AND r."checkId" = ${check}`}
      ${clusterIds ? Prisma.sql`AND r."clusterId" = ANY(${clusterIds}::uuid[])` : Prisma.empty}
      ${verdict ? Prisma.sql`AND r.verdict = ${verdict}::verdict` : Prisma.empty}
      ${runbook === undefined ? Prisma.empty : Prisma.sql`AND run.runbook = ${runbook}`}
      ${person ? Prisma.sql`AND ${person}` : Prisma.empty}
    ORDER BY r."runId" DESC, r.id DESC LIMIT ${limit}`;
}
