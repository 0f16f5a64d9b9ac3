import { z } from "zod";
import type { FindingFilter, FindingLifePage } from "#common/contracts/finding.ts";
import { Prisma } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { filterOf, stateNow } from "./filter.ts";
import { type LifeRow, lifeColumns, toLife } from "./views.ts";

const worstFirst = Prisma.sql`array_position('{fail,unknown,warn}'::verdict[], s.verdict)`;
const placeSchema = z.object({ rank: z.int32(), openedAt: z.iso.datetime(), id: z.uuid() });

/** A page of the team's findings, worst first, then the newest; without a state those that are not resolved. */
export async function listLives({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { filter: FindingFilter; cursor?: string | null; limit: number };
}): Promise<FindingLifePage> {
  const from = decodeCursor(placeSchema, input.cursor);
  const wanted = await filterOf(ctx, input.filter);
  const state = input.filter.state
    ? Prisma.sql`${stateNow} = ${input.filter.state}::finding_status`
    : Prisma.sql`s.state <> 'resolved'`;
  const after = from
    ? Prisma.sql`(${worstFirst}, -extract(epoch FROM s."openedAt"), s.id)
        > (${from.rank}::int, -extract(epoch FROM ${from.openedAt}::timestamptz), ${from.id}::uuid)`
    : Prisma.sql`true`;
  const rows = await ctx.db.$queryRaw<(LifeRow & { rank: number })[]>`
    SELECT ${lifeColumns}, ${worstFirst} AS rank
    FROM finding_state s JOIN cluster c ON c.id = s."clusterId"
    WHERE ${wanted} AND ${state} AND ${after}
    ORDER BY ${worstFirst}, -extract(epoch FROM s."openedAt"), s.id
    LIMIT ${input.limit + 1}`;
  const items = rows.slice(0, input.limit);
  const last = rows.length > items.length ? items.at(-1) : undefined;
  return {
    items: items.map(toLife),
    next: last ? encodeCursor({ rank: last.rank, openedAt: last.openedAt.toISOString(), id: last.id }) : null,
  };
}
