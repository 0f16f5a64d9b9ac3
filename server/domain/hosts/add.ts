import type { z } from "zod";
import type { addHostGroupSchema } from "#common/contracts/host.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { admitGroup, admitKnownHosts, admitSecret } from "./admit.ts";
import { addressLine, type HostSettings } from "./settings.ts";
import { storeKey } from "./store-key.ts";

const mostConnections = 200;

type AddGroup = { ctx: TeamContext; input: z.output<typeof addHostGroupSchema> };

/** Registers a group of hosts, seals its key and has the hosts' own keys looked at. Nothing is sent to them yet. */
export async function addHostGroup({ ctx, input }: AddGroup): Promise<{ connectionId: string }> {
  const cluster = await findCluster(ctx, input.cluster, "admin");
  const { group } = input;
  admitGroup(group);
  const fields = admitSecret(group, input.secret);
  const knownHosts = admitKnownHosts(group, input.knownHosts).join("\n");
  if (cluster.connections.length >= mostConnections) throw new AppError("too-many", "too-many-endpoints");
  const settings: HostSettings = {
    hostGroup: group,
    knownHosts,
    hasCertificate: "certificate" in fields,
    testRequestedAt: ctx.now().toISOString(),
  };
  try {
    return await ctx.db.$transaction(async (tx) => {
      const place = { teamId: ctx.team.id, clusterId: cluster.id };
      const { id } = await tx.connection.create({
        data: { ...place, kind: "ssh", name: group.name, address: addressLine(group), settings },
        select: { id: true },
      });
      await storeKey(ctx, tx, { connectionId: id, fields });
      await ctx.queue.enqueue(tx, "look-at-hosts", { connectionId: id, teamId: ctx.team.id, login: false });
      await recordAudit(tx, ctx, {
        action: "hosts.added",
        subject: { kind: "hosts", id, name: group.name },
        details: { cluster: cluster.name, address: addressLine(group) },
      });
      return { connectionId: id };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "invalid", { fields: { "group.name": "name-taken" } });
  }
}
