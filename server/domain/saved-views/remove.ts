import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findOwnView } from "./find.ts";

export async function removeView({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { viewId: string };
}): Promise<void> {
  const { id, name, shared } = await findOwnView(ctx, input.viewId);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.savedView.deleteMany({ where: { id, teamId: ctx.team.id } });
    if (count === 0) return;
    const subject = { kind: "view", id, name } as const;
    await recordAudit(tx, ctx, { action: "view.removed", subject, details: { shared } });
  });
}
