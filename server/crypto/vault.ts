import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import sodium from "libsodium-wrappers";
import type { Vault } from "../domain/context.ts";

export type CredentialBinding = { teamId: string; connectionId: string };
export type SealedCredential = {
  sealedKey: Uint8Array;
  workerKeyId: string;
  fields: Record<string, string>;
};
export type Opener = {
  open(binding: CredentialBinding, record: SealedCredential): Promise<Record<string, string>>;
};

/** Says that a credential cannot be opened, and nothing of what it holds. */
export class VaultError extends Error {
  readonly problem: "bad-key" | "other-worker-key" | "unreadable";
  constructor(problem: VaultError["problem"]) {
    super(`credential vault: ${problem}`);
    this.name = "VaultError";
    this.problem = problem;
  }
}

const cipher = "aes-256-gcm";
const formatVersion = "v1";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** A new key pair, both halves in base64. The private half belongs to the worker alone. */
export async function generateWorkerKeys(): Promise<{ publicKey: string; privateKey: string }> {
  await sodium.ready;
  const pair = sodium.crypto_box_keypair();
  return { publicKey: encode(pair.publicKey), privateKey: encode(pair.privateKey) };
}

/** Seals credentials to the worker's public key. Who holds only this cannot open them again. */
export async function createSealer(publicKey: string): Promise<Vault> {
  await sodium.ready;
  const recipient = decodeKey(publicKey);
  return {
    async seal(binding, fields) {
      const dataKey = randomBytes(keyBytes);
      const names = Object.keys(fields);
      const boxes = Object.entries(fields).map(([name, value]) => [
        name,
        encryptField(dataKey, associatedData(binding, name, names), value),
      ]);
      const sealedKey = new Uint8Array(sodium.crypto_box_seal(dataKey, recipient));
      dataKey.fill(0);
      return { sealedKey, workerKeyId: keyId(recipient), fields: Object.fromEntries(boxes) };
    },
  };
}

/** The worker's half. Rejects with VaultError whatever is wrong. */
export async function createOpener(keys: { publicKey: string; privateKey: string }): Promise<Opener> {
  await sodium.ready;
  const publicKey = decodeKey(keys.publicKey);
  const privateKey = decodeKey(keys.privateKey);
  if (!equal(sodium.crypto_scalarmult_base(privateKey), publicKey)) throw new VaultError("bad-key");
  return {
    async open(binding, record) {
      if (record.workerKeyId !== keyId(publicKey)) throw new VaultError("other-worker-key");
      try {
        const dataKey = sodium.crypto_box_seal_open(new Uint8Array(record.sealedKey), publicKey, privateKey);
        const names = Object.keys(record.fields);
        const opened = Object.entries(record.fields).map(([name, box]) => [
          name,
          decryptField(dataKey, associatedData(binding, name, names), box),
        ]);
        dataKey.fill(0);
        return Object.fromEntries(opened);
      } catch {
        // The cause is dropped on purpose: what a cipher says about its input stays in here.
        throw new VaultError("unreadable");
      }
    },
  };
}

/** Binds a box to its row, its field and the whole set of fields: none can be moved, dropped or added. */
function associatedData(binding: CredentialBinding, field: string, allFields: string[]): Buffer {
  const parts = [formatVersion, binding.teamId, binding.connectionId, field, [...allFields].sort()];
  return Buffer.from(JSON.stringify(parts));
}

function encryptField(key: Uint8Array, aad: Buffer, value: string): string {
  const iv = randomBytes(ivBytes);
  const box = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(aad);
  const body = Buffer.concat([iv, box.update(value, "utf8"), box.final(), box.getAuthTag()]);
  return `${formatVersion}.${body.toString("base64")}`;
}

function decryptField(key: Uint8Array, aad: Buffer, box: string): string {
  const [version, encoded] = box.split(".");
  const body = Buffer.from(encoded ?? "", "base64");
  if (version !== formatVersion || body.length < ivBytes + tagBytes) throw new VaultError("unreadable");
  const opener = createDecipheriv(cipher, key, body.subarray(0, ivBytes), { authTagLength: tagBytes });
  opener.setAAD(aad).setAuthTag(body.subarray(body.length - tagBytes));
  const plain = opener.update(body.subarray(ivBytes, body.length - tagBytes));
  return Buffer.concat([plain, opener.final()]).toString("utf8");
}

function keyId(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function decodeKey(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length !== keyBytes) throw new VaultError("bad-key");
  return bytes;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
