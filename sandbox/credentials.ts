import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  createAuthority,
  createClientCertificate,
  createServerCertificate,
  isUsable,
  type Pair,
} from "./certificates.ts";

const userNames = ["viewer", "admin", "nobody", "restricted"] as const;
export type UserName = (typeof userNames)[number];

const pairSchema = z.object({ certificatePem: z.string(), keyPem: z.string() });
const credentialsSchema = z.object({
  authority: pairSchema,
  server: pairSchema,
  adminCertificate: pairSchema,
  tokens: z.record(z.enum(userNames), z.string().min(40)),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** From the state folder, or new: with a folder, kubeconfigs stay valid over restarts. */
export async function openCredentials(stateDir: string | undefined, host: string): Promise<Credentials> {
  const file = stateDir && join(stateDir, "credentials.json");
  const kept = file ? await readKept(file) : undefined;
  const credentials = await complete(kept, host);
  if (stateDir && file && credentials !== kept) {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  }
  return credentials;
}

async function readKept(file: string): Promise<Credentials | undefined> {
  try {
    return credentialsSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (absent || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

async function complete(kept: Credentials | undefined, host: string): Promise<Credentials> {
  const authority = kept?.authority ?? (await createAuthority());
  const server = usable(kept?.server, authority, host) ?? (await createServerCertificate(authority, host));
  const adminCertificate =
    kept?.adminCertificate ?? (await createClientCertificate(authority, "admin", "system:masters"));
  if (kept && server === kept.server) return kept;
  const tokens = kept?.tokens ?? {
    viewer: newToken(),
    admin: newToken(),
    nobody: newToken(),
    restricted: newToken(),
  };
  return { authority, server, adminCertificate, tokens };
}

function usable(pair: Pair | undefined, authority: Pair, host: string): Pair | undefined {
  return pair && isUsable(pair, authority, host) ? pair : undefined;
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}
