import type { KubernetesSource } from "#common/contracts/cluster.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findCluster } from "./find-cluster.ts";
import { readSource } from "./intake.ts";
import { storeAccess } from "./store-access.ts";

type ReplaceCredential = { ctx: TeamContext; input: { cluster: string; source: KubernetesSource } };

/**
 * Gives the Kubernetes API another access, or its first one, as a whole: an old credential is never sent to a new address. What the last
 * test said was about the old one and goes with it.
 */
export async function replaceCredential({ ctx, input }: ReplaceCredential): Promise<void> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  if (cluster.managed) throw new AppError("conflict", "practice-cluster-managed");
  const connection = cluster.connections.find((each) => each.kind === "kubernetes");
  const access = readSource(input.source);
  await ctx.db.$transaction(async (tx) => {
    if (connection) {
      await tx.connection.update({
        where: { id: connection.id },
        data: { lastTest: Prisma.DbNull, lastTestAt: null },
      });
    }
    await storeAccess(ctx, tx, { place: { teamId: ctx.team.id, clusterId: cluster.id }, access });
    await recordAudit(tx, ctx, {
      action: "cluster.credentialReplaced",
      subject: { kind: "cluster", id: cluster.id, name: cluster.name },
      details: { server: access.server, serverBefore: connection?.address ?? null },
    });
  });
}
