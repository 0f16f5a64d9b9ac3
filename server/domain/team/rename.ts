import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";

/** Changes the team's name. Its slug stays: addresses that were shared keep working. */
export async function renameTeam({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { name: string };
}): Promise<void> {
  const { id, name: nameBefore } = ctx.team;
  await ctx.db.$transaction(async (tx) => {
    await tx.team.update({ where: { id }, data: { name: input.name } });
    const subject = { kind: "team", id, name: input.name } as const;
    await recordAudit(tx, ctx, { action: "team.renamed", subject, details: { nameBefore } });
  });
}
