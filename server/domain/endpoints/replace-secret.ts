import type { z } from "zod";
import type { replaceEndpointSecretSchema } from "#common/contracts/endpoint.ts";
import { Prisma } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { connectionSettingsSchema } from "../clusters/connection-settings.ts";
import type { TeamContext } from "../context.ts";
import { admitSecret } from "./admit.ts";
import { findEndpoint } from "./find-endpoint.ts";
import { storeSecret } from "./store-secret.ts";

type ReplaceSecret = { ctx: TeamContext; input: z.output<typeof replaceEndpointSecretSchema> };

/** Seals another secret; what the last test said was about the old one and goes with it. */
export async function replaceEndpointSecret({ ctx, input }: ReplaceSecret): Promise<void> {
  const connection = await findEndpoint(ctx, input, "admin");
  const settings = connectionSettingsSchema.parse(connection.settings);
  if (!settings.endpoint) throw new AppError("not-found", "connection-not-found");
  admitSecret(settings.endpoint, input.secret);
  await ctx.db.$transaction(async (tx) => {
    await tx.connection.update({
      where: { id: connection.id },
      data: {
        settings: { ...settings, testRequestedAt: ctx.now().toISOString() },
        ...{ lastTest: Prisma.DbNull, lastTestAt: null },
      },
    });
    await storeSecret(ctx, tx, { connectionId: connection.id, secret: input.secret });
    await ctx.queue.enqueue(tx, "test-connection", { connectionId: connection.id, teamId: ctx.team.id });
    await recordAudit(tx, ctx, {
      action: "endpoint.secretReplaced",
      subject: { kind: "endpoint", id: connection.id, name: connection.name },
      details: { cluster: input.cluster, removed: !input.secret },
    });
  });
}
