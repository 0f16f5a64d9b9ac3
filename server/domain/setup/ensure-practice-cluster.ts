import { readKubeconfigContext } from "#server/connectors/kubernetes/kubeconfig.ts";
import { recordAudit } from "../audit/record.ts";
import { freeSlug } from "../clusters/free-slug.ts";
import { storeAccess } from "../clusters/store-access.ts";
import type { DomainContext } from "../context.ts";
import { findFirstTeam } from "./first-team.ts";

const name = "Practice cluster";
/** It stands on this machine and is there to be asked: nobody has to wait so that it is spared. */
const budget = { ratePerSecond: 50, burst: 100, inFlight: 4 };

/**
 * Registers the practice cluster, or gives it the address and credential of this start. One that a person removed
 * stays removed (null).
 */
export async function ensurePracticeCluster({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { kubeconfig: string };
}): Promise<{ slug: string } | null> {
  const access = readKubeconfigContext(input.kubeconfig);
  const { id: teamId } = await findFirstTeam(ctx);
  return ctx.db.$transaction(async (tx) => {
    const known = await tx.cluster.findFirst({
      where: { teamId, managed: true },
      orderBy: { id: "asc" },
      select: { id: true, slug: true, removedAt: true },
    });
    if (known?.removedAt) return null;
    const cluster =
      known ??
      (await tx.cluster.create({
        data: {
          teamId,
          name,
          slug: await freeSlug(tx, teamId, "practice"),
          practice: true,
          managed: true,
        },
        select: { id: true, slug: true },
      }));
    await storeAccess(ctx, tx, { place: { teamId, clusterId: cluster.id }, access, budget });
    if (!known) {
      await recordAudit(
        tx,
        { actor: ctx.actor, team: { id: teamId } },
        {
          action: "cluster.connected",
          subject: { kind: "cluster", id: cluster.id, name },
          details: { server: access.server },
        },
      );
    }
    return { slug: cluster.slug };
  });
}
