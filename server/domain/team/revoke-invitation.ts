import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
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
  const invitation = await ctx.db.invitation.findFirst({ where, select: { role: true, email: true } });
  if (!invitation) throw new AppError("not-found", "invitation-gone");
  refuseAbove(ctx, invitation.role);
  const { role, email } = invitation;
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.invitation.deleteMany({ where });
    if (count === 0) throw new AppError("not-found", "invitation-gone");
    const subject = { kind: "invitation", id: input.invitationId, name: email ?? "" } as const;
    await recordAudit(tx, ctx, { action: "invitation.revoked", subject, details: { role } });
  });
}
