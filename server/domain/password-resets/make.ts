import { roleCovers } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { newInvitationToken } from "../invitations/token.ts";

const validForMs = 60 * 60_000;

/**
 * Makes a one-time link by which a member who forgot the password sets another; earlier ones close. Whoever holds it can
 * become that person, so the asker has to be an admin in every team the person is in, and nowhere less than the person.
 */
export async function makeResetLink({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { userId: string };
}): Promise<{ token: string }> {
  const asker = ctx.actor.type === "user" ? ctx.actor.userId : "";
  const { userId } = input;
  const memberships = await ctx.db.membership.findMany({
    where: { userId: { in: [userId, asker] } },
    select: { teamId: true, userId: true, role: true, user: { select: { name: true } } },
  });
  const theirs = memberships.filter((one) => one.userId === userId);
  const here = theirs.find((one) => one.teamId === ctx.team.id);
  if (!here) throw new AppError("not-found", "member-not-found");
  for (const { teamId, role } of theirs) {
    const mine = memberships.find((one) => one.userId === asker && one.teamId === teamId)?.role;
    const above = mine !== undefined && roleCovers(mine, "admin") && roleCovers(mine, role);
    if (above) continue;
    if (teamId === ctx.team.id) throw new AppError("forbidden", "role-above-own");
    throw new AppError("forbidden", "member-elsewhere");
  }
  const { token, tokenHash } = newInvitationToken();
  await ctx.db.$transaction(async (tx) => {
    await tx.passwordReset.deleteMany({ where: { userId, usedAt: null } });
    const expiresAt = new Date(ctx.now().getTime() + validForMs);
    await tx.passwordReset.create({ data: { userId, tokenHash, createdById: asker || null, expiresAt } });
    await recordAudit(tx, ctx, {
      action: "member.resetLinkMade",
      subject: { kind: "member", id: userId, name: here.user.name },
    });
  });
  return { token };
}
