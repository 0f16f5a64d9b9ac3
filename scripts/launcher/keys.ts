// Secrets that are made once and stay for as long as the database does.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { generateWorkerKeys } from "#server/crypto/vault.ts";
import { SentenceError } from "./sentence-error.ts";

const keysSchema = z.object({
  authSecret: z.string().min(32),
  workerPublicKey: z.string().min(1),
  workerPrivateKey: z.string().min(1),
  databasePassword: z.string().min(1),
});
export type Keys = z.output<typeof keysSchema>;

async function makeKeys(): Promise<Keys> {
  const worker = await generateWorkerKeys();
  return {
    authSecret: randomBytes(32).toString("base64url"),
    workerPublicKey: worker.publicKey,
    workerPrivateKey: worker.privateKey,
    databasePassword: randomBytes(24).toString("base64url"),
  };
}

function readKeys(path: string): Keys {
  try {
    return keysSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new SentenceError(
      `${path} is damaged: restore it from a backup; without it the stored credentials cannot be opened.`,
      { cause: error },
    );
  }
}

/** Writes a file that only its owner may read, complete or not at all. */
export function writePrivately(path: string, text: string): void {
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, path);
}

export async function ensureKeys(dataDir: string): Promise<Keys> {
  const path = join(dataDir, "keys.json");
  if (existsSync(path)) return readKeys(path);
  const keys = await makeKeys();
  writePrivately(path, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}
