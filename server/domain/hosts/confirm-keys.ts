import type { z } from "zod";
import type { confirmHostKeysSchema } from "#common/contracts/host.ts";
import { fingerprint, keyType } from "#server/connectors/ssh/known-hosts.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { lineOf } from "./admit.ts";
import { findGroup } from "./find-group.ts";
import { hostReportSchema } from "./settings.ts";

type ConfirmKeys = { ctx: TeamContext; input: z.output<typeof confirmHostKeysSchema> };

/**
 * Takes keys that hosts showed as theirs from now on; only those whose fingerprint a person saw. What was known of a
 * host before is forgotten, so that a changed key is not accepted beside the old one; what is revoked stays so.
 */
export async function confirmHostKeys({ ctx, input }: ConfirmKeys): Promise<void> {
  const { connection, settings } = await findGroup(ctx, input, "admin");
  const report = hostReportSchema.parse(connection.lastTest ?? {});
  const shown = new Map(
    report.hosts.flatMap(({ host, key }) => (key ? [[host, Buffer.from(key, "base64")] as const] : [])),
  );
  const lines = input.keys.map(({ host, fingerprint: seen }) => {
    const key = shown.get(host);
    if (!key || fingerprint(key) !== seen) throw new AppError("conflict", "host-key-not-shown");
    return lineOf(host, { revoked: false, type: keyType(key), key });
  });
  const replaced = new Set(input.keys.map(({ host }) => host));
  const kept = settings.knownHosts
    .split("\n")
    .filter((line) => line !== "" && !replaced.has(line.split(" ")[0] ?? ""));
  await ctx.db.$transaction(async (tx) => {
    await tx.connection.update({
      where: { id: connection.id },
      data: { settings: { ...settings, knownHosts: [...kept, ...lines].join("\n") } },
    });
    await recordAudit(tx, ctx, {
      action: "hosts.keysConfirmed",
      subject: { kind: "hosts", id: connection.id, name: connection.name },
      details: {
        cluster: input.cluster,
        keys: input.keys.map(({ host, fingerprint: seen }) => `${host} ${seen}`),
      },
    });
  });
}
