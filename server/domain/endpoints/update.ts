import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { updateEndpointSchema } from "#common/contracts/endpoint.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { connectionSettingsSchema } from "../clusters/connection-settings.ts";
import type { TeamContext } from "../context.ts";
import { isUniqueViolation } from "../database-errors.ts";
import { admitEndpoint } from "./admit.ts";
import { findEndpoint } from "./find-endpoint.ts";
import { storeSecret } from "./store-secret.ts";

type UpdateEndpoint = { ctx: TeamContext; input: z.output<typeof updateEndpointSchema> };

/**
 * Changes an endpoint. Whatever says where its secret goes or how (address, TLS, trust, who signs in) drops the secret
 * and the last report with it: an old secret is never sent to a new place.
 */
export async function updateEndpoint({ ctx, input }: UpdateEndpoint): Promise<{ secretDropped: boolean }> {
  const connection = await findEndpoint(ctx, input, "admin");
  if (connection.kind !== input.endpoint.kind) {
    throw new AppError("invalid", "invalid", { fields: { "endpoint.kind": "kind-fixed" } });
  }
  const endpoint = admitEndpoint(input.endpoint);
  const { endpoint: before } = connectionSettingsSchema.parse(connection.settings);
  const isSamePlace = isDeepStrictEqual(plain(before), plain(endpoint));
  const testRequestedAt = ctx.now().toISOString();
  try {
    return await ctx.db.$transaction(async (tx) => {
      const had = await tx.credential.count({ where: { connectionId: connection.id, teamId: ctx.team.id } });
      const moved = { address: endpoint.address, lastTest: Prisma.DbNull, lastTestAt: null };
      await tx.connection.update({
        where: { id: connection.id },
        data: isSamePlace
          ? { name: input.name }
          : { name: input.name, ...moved, settings: { endpoint, testRequestedAt } },
      });
      const secretDropped = !isSamePlace && had > 0;
      if (!isSamePlace) {
        await storeSecret(ctx, tx, { connectionId: connection.id, secret: undefined });
        await ctx.queue.enqueue(tx, "test-connection", {
          connectionId: connection.id,
          teamId: ctx.team.id,
        });
      }
      await recordAudit(tx, ctx, {
        action: "endpoint.changed",
        subject: { kind: "endpoint", id: connection.id, name: input.name },
        details: {
          ...{ cluster: input.cluster, nameBefore: connection.name, secretDropped },
          ...{ address: endpoint.address, addressBefore: connection.address },
        },
      });
      return { secretDropped };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "invalid", { fields: { name: "name-taken" } });
  }
}

/** As it is stored: what is undefined is not there. */
function plain(endpoint: unknown): unknown {
  return JSON.parse(JSON.stringify(endpoint ?? null));
}
