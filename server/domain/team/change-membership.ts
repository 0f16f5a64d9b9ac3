import type { Role } from "#common/role.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { refuseAbove } from "./refuse-above.ts";

type Change = { userId: string; to: Role | null };

/**
 * Gives a member another role, or none (`to: null` removes). The team's row is locked first: two owners who demote
 * each other at the same moment must not leave the team without one.
 */
export async function changeMembership(ctx: TeamContext, change: Change): Promise<void> {
  const key = { teamId: ctx.team.id, userId: change.userId };
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "team" WHERE "id" = ${ctx.team.id}::uuid FOR UPDATE`;
    const member = await tx.membership.findUnique({
      where: { teamId_userId: key },
      include: { user: { select: { name: true, email: true } } },
    });
    if (!member) throw new AppError("not-found", "member-not-found");
    refuseAbove(ctx, member.role);
    if (change.to) refuseAbove(ctx, change.to);
    if (member.role === "owner" && change.to !== "owner") await refuseLastOwner(tx, ctx);
    // An owner is one everywhere.
    if (change.to === "owner") await tx.clusterRole.deleteMany({ where: key });
    if (change.to) await tx.membership.update({ where: { teamId_userId: key }, data: { role: change.to } });
    else await tx.membership.delete({ where: { teamId_userId: key } });
    await recordAudit(tx, ctx, {
      action: change.to ? "member.roleChanged" : "member.removed",
      subject: { kind: "member", id: change.userId, name: member.user.name },
      details: { email: member.user.email, roleBefore: member.role, role: change.to },
    });
  });
}

async function refuseLastOwner(tx: DatabaseTransaction, ctx: TeamContext) {
  const owners = await tx.membership.count({ where: { teamId: ctx.team.id, role: "owner" } });
  if (owners === 1) throw new AppError("conflict", "last-owner");
}
