import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { refuseAbove } from "./refuse-above.ts";

export async function revokeInvitation({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { invitationId: string };
}): Promise<void> {
  const where = { id: input.invitationId, teamId: ctx.team.id, usedAt: null };
  const invitation = await ctx.db.invitation.findFirst({ where, select: { role: true } });
  if (!invitation) throw new AppError("not-found", "invitation-gone");
  refuseAbove(ctx, invitation.role);
  const { count } = await ctx.db.invitation.deleteMany({ where });
  if (count === 0) throw new AppError("not-found", "invitation-gone");
}
