import type { Role } from "#common/role.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { newInvitationToken } from "../invitations/token.ts";
import { refuseAbove } from "./refuse-above.ts";

const validForMs = 24 * 60 * 60 * 1_000;

/** Makes a one-time link. Its token is returned once and kept nowhere. */
export async function invite({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { role: Role; email?: string };
}): Promise<{ token: string }> {
  refuseAbove(ctx, input.role);
  const { token, tokenHash } = newInvitationToken();
  const { role } = input;
  const email = input.email?.toLowerCase() ?? null;
  await ctx.db.$transaction(async (tx) => {
    const { id } = await tx.invitation.create({
      data: {
        ...{ teamId: ctx.team.id, tokenHash, role, email, createdAt: ctx.now() },
        createdById: ctx.actor.type === "user" ? ctx.actor.userId : null,
        expiresAt: new Date(ctx.now().getTime() + validForMs),
      },
    });
    const subject = { kind: "invitation", id, name: email ?? "" } as const;
    await recordAudit(tx, ctx, { action: "invitation.made", subject, details: { role } });
  });
  return { token };
}
