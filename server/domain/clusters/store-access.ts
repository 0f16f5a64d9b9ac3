import type { RequestBudget } from "#common/contracts/cluster.ts";
import type { KubernetesAccess } from "#server/connectors/kubernetes/access.ts";
import type { DatabaseTransaction } from "#server/db.ts";
import type { DomainContext } from "../context.ts";
import { connectionSettingsSchema } from "./connection-settings.ts";
import { secretsOf, settingsOf } from "./intake.ts";

type Place = { teamId: string; clusterId: string };

/**
 * Makes or replaces a cluster's Kubernetes connection: address, trust and credential together, then a test. `budget`: of
 * one that is made; where left out, the default.
 */
export async function storeAccess(
  ctx: DomainContext,
  tx: DatabaseTransaction,
  { place, access, budget: first }: { place: Place; access: KubernetesAccess; budget?: RequestBudget },
): Promise<void> {
  const where = {
    clusterId_kind_name: { clusterId: place.clusterId, kind: "kubernetes", name: "" },
  } as const;
  const before = await tx.connection.findUnique({ where, select: { settings: true } });
  // How much may be asked of the cluster is not a property of the credential.
  const budget = before ? connectionSettingsSchema.parse(before.settings).budget : first;
  const data = { address: access.server, settings: { ...settingsOf(access, ctx.now()), budget } };
  const connection = await tx.connection.upsert({
    where,
    create: { ...place, kind: "kubernetes", ...data },
    update: data,
    select: { id: true },
  });
  const binding = { teamId: place.teamId, connectionId: connection.id };
  const sealed = await ctx.vault.seal(binding, secretsOf(access));
  await tx.credential.deleteMany({ where: { connectionId: connection.id } });
  await tx.credential.create({ data: { ...binding, ...sealed } });
  await ctx.queue.enqueue(tx, "test-connection", binding);
}
