import type { Role } from "#common/role.ts";
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
  await ctx.db.invitation.create({
    data: {
      teamId: ctx.team.id,
      tokenHash,
      role: input.role,
      email: input.email?.toLowerCase() ?? null,
      createdById: ctx.actor.type === "user" ? ctx.actor.userId : null,
      createdAt: ctx.now(),
      expiresAt: new Date(ctx.now().getTime() + validForMs),
    },
  });
  return { token };
}
