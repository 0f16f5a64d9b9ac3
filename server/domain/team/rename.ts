import type { TeamContext } from "../context.ts";

/** Changes the team's name. Its slug stays: addresses that were shared keep working. */
export async function renameTeam({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { name: string };
}): Promise<void> {
  await ctx.db.team.update({ where: { id: ctx.team.id }, data: { name: input.name } });
}
