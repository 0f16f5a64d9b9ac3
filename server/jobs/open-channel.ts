import type { Channel } from "#generated/prisma/client.ts";
import { type Opener, VaultError } from "../crypto/vault.ts";
import type { Database } from "../db.ts";

export type ChannelSecrets = {
  /** the URL, or the recipients */
  address: string;
  /** those that sign now, the newest first; empty for what is not signed */
  signing: string[];
};

/** Opens what a channel sends to and signs with. Rejects with VaultError. */
export async function openChannelSecrets(
  { db, opener }: { db: Database; opener: Opener },
  { id: channelId, teamId }: Channel,
): Promise<ChannelSecrets> {
  const rows = await db.channelSecret.findMany({
    where: { channelId, teamId, OR: [{ endsAt: null }, { endsAt: { gt: new Date() } }] },
    orderBy: { createdAt: "desc" },
  });
  const binding = { teamId, connectionId: channelId };
  const opened = await Promise.all(
    rows.map(({ sealedKey, workerKeyId, fields }) =>
      opener.open(binding, { sealedKey, workerKeyId, fields: textFields(fields) }),
    ),
  );
  const [address] = opened.flatMap((each) => each.address ?? []);
  if (address === undefined) throw new VaultError("unreadable");
  return { address, signing: opened.flatMap((each) => each.signing ?? []) };
}

function textFields(fields: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(fields)).map(([name, box]) => [name, String(box)]));
}
