import { AppError } from "#server/errors.ts";
import type { DomainContext } from "../context.ts";
import { hashInvitationToken } from "./token.ts";

/** The invitation a token opens, with its team. Used, revoked, expired and never made are the same answer. */
export async function openInvitation(ctx: DomainContext, token: string) {
  const invitation = await ctx.db.invitation.findFirst({
    where: { tokenHash: hashInvitationToken(token), usedAt: null, expiresAt: { gt: ctx.now() } },
    select: { id: true, teamId: true, role: true, email: true, team: { select: { slug: true, name: true } } },
  });
  if (!invitation) throw new AppError("not-found", "invitation-gone");
  return invitation;
}
export type OpenInvitation = Awaited<ReturnType<typeof openInvitation>>;
