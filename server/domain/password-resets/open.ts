import { AppError } from "#server/errors.ts";
import type { DomainContext } from "../context.ts";
import { hashInvitationToken } from "../invitations/token.ts";

/** The reset a token opens. Used, expired and never made are the same answer. */
export async function openReset(ctx: DomainContext, token: string) {
  const reset = await ctx.db.passwordReset.findFirst({
    where: { tokenHash: hashInvitationToken(token), usedAt: null, expiresAt: { gt: ctx.now() } },
    select: { id: true, userId: true, user: { select: { name: true, email: true } } },
  });
  if (!reset) throw new AppError("not-found", "reset-gone");
  return reset;
}
