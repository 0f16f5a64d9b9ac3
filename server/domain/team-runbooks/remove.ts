import { recordAudit } from "../audit/record.ts";
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
  const { id, title } = await findTeamRunbook(ctx, input.slug);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.teamRunbook.updateMany({
      where: { id, teamId: ctx.team.id, removedAt: null },
      data: { removedAt: ctx.now() },
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: "runbook.removed",
      subject: { kind: "runbook", id, name: title },
      details: { slug: input.slug },
    });
  });
}
