import type { TeamContext } from "../context.ts";
import { findTeamRunbook } from "./find.ts";

/** Its checks cannot be run any more; what they found stays, and so do its texts. */
export async function removeTeamRunbook({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { slug: string };
}): Promise<void> {
  const { id } = await findTeamRunbook(ctx, input.slug);
  await ctx.db.teamRunbook.updateMany({
    where: { id, teamId: ctx.team.id },
    data: { removedAt: ctx.now() },
  });
}
