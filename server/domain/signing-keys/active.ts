import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { KeySealer } from "#server/crypto/key-sealer.ts";
import type { Database, DatabaseTransaction } from "#server/db.ts";

export type SigningPair = { fingerprint: string; privateKey: KeyObject };

/** The key that signs now; the first one is made when it is needed, another where the instance's secret was changed. */
export async function activeKey(db: Database, sealer: KeySealer): Promise<SigningPair> {
  return db.$transaction(async (tx) => (await openActive(tx, sealer)) ?? (await makeKey(tx, sealer)));
}

async function openActive(tx: DatabaseTransaction, sealer: KeySealer): Promise<SigningPair | null> {
  await lockKeys(tx);
  const row = await tx.signingKey.findFirst({ where: { retiredAt: null } });
  const pem = row?.sealed ? sealer.open(row.fingerprint, row.sealed) : null;
  return row && pem !== null ? { fingerprint: row.fingerprint, privateKey: createPrivateKey(pem) } : null;
}

/** Retires the key of before, whose private half is forgotten, and makes another. Ed25519, as OpenSSL knows it. */
export async function makeKey(tx: DatabaseTransaction, sealer: KeySealer): Promise<SigningPair> {
  await lockKeys(tx);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const fingerprint = fingerprintOf(publicKey);
  await tx.signingKey.updateMany({
    where: { retiredAt: null },
    data: { retiredAt: new Date(), sealed: null },
  });
  await tx.signingKey.create({
    data: {
      fingerprint,
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
      sealed: sealer.seal(fingerprint, privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    },
  });
  return { fingerprint, privateKey };
}

/** "sha256:" and the hash of the key's DER, as `openssl pkey -pubin -outform DER | openssl dgst -sha256` prints it. */
export function fingerprintOf(key: KeyObject): string {
  const der = key.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

/** Two at once make one key, not two of which one fails. */
async function lockKeys(tx: DatabaseTransaction): Promise<void> {
  await tx.$executeRaw`LOCK TABLE "signing_key" IN SHARE ROW EXCLUSIVE MODE`;
}
