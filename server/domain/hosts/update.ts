import type { z } from "zod";
import type { HostGroup, updateHostGroupSchema } from "#common/contracts/host.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { admitGroup, admitKnownHosts, admitSecret } from "./admit.ts";
import { findGroup } from "./find-group.ts";
import { addressLine } from "./settings.ts";
import { storeKey } from "./store-key.ts";

type UpdateGroup = { ctx: TeamContext; input: z.output<typeof updateHostGroupSchema> };

/**
 * Changes a group. Where its key would go to other hosts, as another user or another way, the stored one is dropped
 * unless it comes along anew. Known host keys stay: they belong to names, not to the list.
 */
export async function updateHostGroup({ ctx, input }: UpdateGroup): Promise<{ secretDropped: boolean }> {
  const { connection, settings } = await findGroup(ctx, input, "admin");
  const { group } = input;
  admitGroup(group);
  const fields = input.secret && admitSecret(group, input.secret);
  const knownHosts = [...settings.knownHosts.split("\n"), ...admitKnownHosts(group, input.knownHosts)];
  const moves = placeOf(group) !== placeOf(settings.hostGroup);
  const drops = moves && !fields;
  const hasCertificate = fields ? "certificate" in fields : settings.hasCertificate && !drops;
  try {
    await ctx.db.$transaction(async (tx) => {
      await tx.connection.update({
        where: { id: connection.id },
        data: {
          name: group.name,
          address: addressLine(group),
          settings: {
            hostGroup: group,
            knownHosts: [...new Set(knownHosts.filter(Boolean))].join("\n"),
            hasCertificate,
            testRequestedAt: ctx.now().toISOString(),
          },
        },
      });
      const at = { teamId: ctx.team.id, connectionId: connection.id };
      if (fields) await storeKey(ctx, tx, { connectionId: connection.id, fields });
      else if (drops) await tx.credential.deleteMany({ where: at });
      await ctx.queue.enqueue(tx, "look-at-hosts", { ...at, login: false });
      await recordAudit(tx, ctx, {
        action: "hosts.changed",
        subject: { kind: "hosts", id: connection.id, name: group.name },
        details: {
          ...{ cluster: input.cluster, nameBefore: connection.name, secretDropped: drops },
          ...{ address: addressLine(group), addressBefore: connection.address, keyReplaced: Boolean(fields) },
        },
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "invalid", { fields: { "group.name": "name-taken" } });
  }
  return { secretDropped: drops };
}

function placeOf({ hosts, nodes, user, port, jump }: HostGroup): string {
  return JSON.stringify([nodes ? "" : hosts.trim(), nodes, user, port, jump]);
}
