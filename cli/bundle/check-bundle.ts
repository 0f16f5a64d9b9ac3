import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import {
  type BundleManifest,
  bundleManifestSchema,
  manifestName,
  signatureName,
} from "#common/contracts/bundle.ts";
import { hashPacked, unpackSmall } from "./unpack.ts";
import { LayoutError, type Packed, readZipDirectory } from "./zip-directory.ts";

const mostManifestBytes = 64 * 1024;
const signatureBytes = 64;

/** What is wrong with a bundle. Each has its sentence in messages/<locale>/cli.json, below `bundleProblem`. */
export type BundleProblem = {
  problem:
    | LayoutError["problem"]
    | "same-name-twice"
    | "missing-file"
    | "extra-file"
    | "changed-file"
    | "bad-signature"
    | "other-key"
    | "not-understood";
  /** the file inside, or the fingerprint of the key it names */
  what: string;
};
export type BundleReport = { manifest: BundleManifest | null; key: string | null; problems: BundleProblem[] };

export type TrustedKey = { fingerprint: string; key: KeyObject };

/** The Ed25519 keys in a PEM text, whatever stands between them. */
export function readKeys(pem: string): TrustedKey[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]{1,2000}-----END PUBLIC KEY-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      const key = createPublicKey(block);
      if (key.asymmetricKeyType !== "ed25519") return [];
      const der = key.export({ type: "spki", format: "der" });
      return [{ key, fingerprint: `sha256:${createHash("sha256").update(der).digest("hex")}` }];
    } catch {
      return [];
    }
  });
}

/** Whether a bundle is as one of these keys signed it. Nothing is unpacked to the disk. Rejects if it cannot be read. */
export async function checkBundle(file: string, keys: readonly TrustedKey[]): Promise<BundleReport> {
  const handle = await open(file);
  try {
    return await check(handle, await readZipDirectory(handle), keys);
  } catch (error) {
    if (error instanceof LayoutError) return broken({ problem: error.problem, what: "" });
    // What zlib says of bytes that are no such stream.
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      return broken({ problem: "layout", what: "" });
    throw error;
  } finally {
    await handle.close();
  }
}

function broken(...problems: BundleProblem[]): BundleReport {
  return { manifest: null, key: null, problems };
}

async function check(
  handle: FileHandle,
  entries: readonly Packed[],
  keys: readonly TrustedKey[],
): Promise<BundleReport> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const twice = entries.find((entry) => byName.get(entry.name) !== entry);
  if (twice) return broken({ problem: "same-name-twice", what: twice.name });
  const [manifestEntry, signatureEntry] = [byName.get(manifestName), byName.get(signatureName)];
  if (!manifestEntry) return broken({ problem: "missing-file", what: manifestName });
  if (!signatureEntry) return broken({ problem: "missing-file", what: signatureName });
  const text = await unpackSmall(handle, manifestEntry, mostManifestBytes);
  const signature = await unpackSmall(handle, signatureEntry, signatureBytes);
  const signer = text && signature && keys.find(({ key }) => verify(null, text, key, signature));
  if (!text || !signer) return broken(whyNotSigned(text, keys));
  const parsed = bundleManifestSchema.safeParse(json(text));
  if (!parsed.success) return broken({ problem: "not-understood", what: manifestName });
  const problems = await compare(handle, byName, parsed.data);
  return { manifest: parsed.data, key: signer.fingerprint, problems };
}

/** Nothing that an unsigned manifest says is to be believed; the key it names only tells which question to ask. */
function whyNotSigned(text: Buffer | null, keys: readonly TrustedKey[]): BundleProblem {
  const named = bundleManifestSchema.pick({ key: true }).safeParse(text && json(text)).data?.key;
  if (named === undefined || keys.some(({ fingerprint }) => fingerprint === named)) {
    return { problem: "bad-signature", what: manifestName };
  }
  return { problem: "other-key", what: named };
}

async function compare(
  handle: FileHandle,
  byName: ReadonlyMap<string, Packed>,
  { files }: BundleManifest,
): Promise<BundleProblem[]> {
  const problems: BundleProblem[] = [];
  for (const { name, bytes, sha256 } of files) {
    const entry = byName.get(name);
    if (!entry) problems.push({ problem: "missing-file", what: name });
    else if ((await hashPacked(handle, entry, bytes)) !== sha256)
      problems.push({ problem: "changed-file", what: name });
  }
  const signed = new Set([manifestName, signatureName, ...files.map(({ name }) => name)]);
  for (const name of byName.keys())
    if (!signed.has(name)) problems.push({ problem: "extra-file", what: name });
  return problems;
}

function json(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}
