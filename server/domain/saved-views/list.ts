import type { SavedView } from "#common/contracts/history.ts";
import type { TeamContext } from "../context.ts";
import { ownerOf, toSavedView } from "./find.ts";

/** One's own views and those shared with the team, by name. */
export async function listSavedViews({ ctx }: { ctx: TeamContext }): Promise<SavedView[]> {
  const rows = await ctx.db.savedView.findMany({
    where: { teamId: ctx.team.id, OR: [{ ownerId: ownerOf(ctx) }, { shared: true }] },
    include: { owner: { select: { name: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => toSavedView(ctx, row));
}
