import type { TeamContext } from "../context.ts";
import { findOwnView } from "./find.ts";

export async function removeView({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { viewId: string };
}): Promise<void> {
  const { id } = await findOwnView(ctx, input.viewId);
  await ctx.db.savedView.deleteMany({ where: { id, teamId: ctx.team.id } });
}
