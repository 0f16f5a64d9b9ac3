import type { z } from "zod";
import type { replaceHostKeySchema } from "#common/contracts/host.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { admitSecret } from "./admit.ts";
import { findGroup } from "./find-group.ts";
import { storeKey } from "./store-key.ts";

type ReplaceKey = { ctx: TeamContext; input: z.output<typeof replaceHostKeySchema> };

/** Gives a group another key, as a whole: its passphrase, certificate and the jump host's go with the old one. */
export async function replaceHostKey({ ctx, input }: ReplaceKey): Promise<void> {
  const { connection, settings } = await findGroup(ctx, input, "admin");
  const fields = admitSecret(settings.hostGroup, input.secret);
  const hasCertificate = "certificate" in fields;
  await ctx.db.$transaction(async (tx) => {
    await tx.connection.update({
      where: { id: connection.id },
      data: { settings: { ...settings, hasCertificate } },
    });
    await storeKey(ctx, tx, { connectionId: connection.id, fields });
    await recordAudit(tx, ctx, {
      action: "hosts.keyReplaced",
      subject: { kind: "hosts", id: connection.id, name: connection.name },
      details: { cluster: input.cluster, hasCertificate },
    });
  });
}
