import type { InvitationView } from "#common/contracts/team.ts";
import type { DomainContext } from "../context.ts";
import { openInvitation } from "./open.ts";

/** What a person sees before joining. */
export async function readInvitation({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { token: string };
}): Promise<InvitationView> {
  const invitation = await openInvitation(ctx, input.token);
  const firstAccount = (await ctx.db.user.findFirst({ select: { id: true } })) === null;
  return { teamName: invitation.team.name, role: invitation.role, email: invitation.email, firstAccount };
}
