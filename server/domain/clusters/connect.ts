import type { KubernetesSource } from "#common/contracts/cluster.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { freeSlug } from "./free-slug.ts";
import { readSource } from "./intake.ts";
import { storeAccess } from "./store-access.ts";

type Connect = {
  ctx: TeamContext;
  input: { name: string; production: boolean; source?: KubernetesSource };
};

/** Registers a cluster; with a Kubernetes API, its credential is sealed and a first test queued. */
export async function connectCluster({ ctx, input }: Connect): Promise<{ slug: string }> {
  const access = input.source && readSource(input.source);
  const teamId = ctx.team.id;
  try {
    return await ctx.db.$transaction(async (tx) => {
      const cluster = await tx.cluster.create({
        data: {
          teamId,
          slug: await freeSlug(tx, teamId, input.name),
          name: input.name,
          production: input.production,
        },
        select: { id: true, slug: true },
      });
      if (access) await storeAccess(ctx, tx, { place: { teamId, clusterId: cluster.id }, access });
      await recordAudit(tx, ctx, {
        action: "cluster.connected",
        subject: { kind: "cluster", id: cluster.id, name: input.name },
        details: { production: input.production, server: access?.server ?? null },
      });
      return { slug: cluster.slug };
    });
  } catch (error) {
    // Two of the same name at the same moment: one has taken the address meanwhile.
    if (isUniqueViolation(error)) throw new AppError("conflict", "cluster-name-taken");
    throw error;
  }
}
