import type { z } from "zod";
import type { setClusterRoleSchema } from "#common/contracts/team.ts";
import { type Role, roleCovers } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import { roleOn } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { refuseAbove } from "./refuse-above.ts";

type SetClusterRole = { ctx: TeamContext; input: z.output<typeof setClusterRoleSchema> };

/**
 * Makes a member more or less on one cluster than in the team. Nobody does it to themselves, gives more than they have
 * there, or touches who is above them; owners are owners everywhere.
 */
export async function setClusterRole({ ctx, input }: SetClusterRole): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster);
  const key = { teamId: ctx.team.id, userId: input.userId };
  await ctx.db.$transaction(async (tx) => {
    // As a change of the role in the team does: one after the other.
    await tx.$queryRaw`SELECT 1 FROM "team" WHERE "id" = ${ctx.team.id}::uuid FOR UPDATE`;
    const member = await tx.membership.findUnique({
      where: { teamId_userId: key },
      select: {
        role: true,
        user: { select: { name: true } },
        clusterRoles: { where: { clusterId: cluster.id }, select: { role: true } },
      },
    });
    if (!member) throw new AppError("not-found", "member-not-found");
    if (member.role === "owner") throw new AppError("conflict", "owner-everywhere");
    if (ctx.actor.type === "user" && ctx.actor.userId === input.userId) {
      throw new AppError("forbidden", "own-cluster-role");
    }
    const [before] = member.clusterRoles;
    refuseAbove(ctx, member.role);
    for (const role of [before?.role, input.role ?? member.role])
      if (role) refuseMoreThere(ctx, cluster.id, role);
    const where = { teamId_userId_clusterId: { ...key, clusterId: cluster.id } };
    if (input.role === null) await tx.clusterRole.deleteMany({ where: { ...key, clusterId: cluster.id } });
    else {
      const { role } = input;
      await tx.clusterRole.upsert({
        ...{ where, update: { role } },
        create: { ...key, clusterId: cluster.id, role },
      });
    }
    await recordAudit(tx, ctx, {
      action: "member.clusterRoleChanged",
      subject: { kind: "member", id: input.userId, name: member.user.name },
      details: { cluster: cluster.name, from: before?.role ?? null, to: input.role },
    });
  });
}

function refuseMoreThere(ctx: TeamContext, clusterId: string, role: Role): void {
  if (!roleCovers(roleOn(ctx, clusterId), role)) throw new AppError("forbidden", "role-above-own");
}
