import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { newInvitationToken } from "../invitations/token.ts";

const validForMs = 7 * 24 * 60 * 60 * 1_000;

/**
 * The team of an empty instance, and the token of the link that makes its owner. While nobody has joined, every
 * start makes a new link and closes the one before; once somebody has, there is none.
 */
export async function ensureFirstTeam({
  ctx,
}: {
  ctx: DomainContext;
}): Promise<{ team: { id: string; slug: string }; token: string | null }> {
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('weekbook first team'))`;
    const select = { id: true, slug: true };
    const team =
      (await tx.team.findFirst({ orderBy: { id: "asc" }, select })) ??
      (await tx.team.create({ data: { slug: "team", name: "Team" }, select }));
    if (await tx.user.findFirst({ select: { id: true } })) return { team, token: null };
    const { token, tokenHash } = newInvitationToken();
    await tx.invitation.deleteMany({ where: { teamId: team.id, role: "owner", usedAt: null } });
    const expiresAt = new Date(ctx.now().getTime() + validForMs);
    const { id } = await tx.invitation.create({
      data: { teamId: team.id, tokenHash, role: "owner", expiresAt },
    });
    await recordAudit(
      tx,
      { actor: ctx.actor, team },
      {
        action: "invitation.made",
        subject: { kind: "invitation", id, name: "" },
        details: { role: "owner" },
      },
    );
    return { team, token };
  });
}
