import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Locale } from "#common/text.ts";
import { type BundleReport, checkBundle, readKeys, type TrustedKey } from "./bundle/check-bundle.ts";
import { findServer, readUrl } from "./remote/server.ts";
import { UnavailableError, UsageError } from "./sentence-errors.ts";
import { printable, type Terminal } from "./terminal.ts";
import { loadWords, type Words } from "./words.ts";
import { writeJson } from "./write-json.ts";

export type VerifyBundleOptions = { key?: string; json?: boolean; locale: Locale; insecureHttp?: boolean };
type Surroundings = { terminal: Terminal; project: string; cwd: string; env: NodeJS.ProcessEnv };

const mostKeyBytes = 256 * 1024;
const keysPath = "/api/v1/signing-keys.pem";

/** `weekbook verify`: whether a bundle is as it was signed; resolves with 0, or with 2 where it is not. */
export async function verifyBundleCommand(
  file: string,
  options: VerifyBundleOptions,
  around: Surroundings,
): Promise<0 | 2> {
  const { terminal, project, cwd } = around;
  const words = await loadWords(project, options.locale, "cli");
  const keys = await trustedKeys(options, around);
  const report = await checkBundle(path.resolve(cwd, file), keys).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  });
  if (options.json) writeJson({ ...report, whole: report.problems.length === 0 }, terminal);
  else terminal.out.write(`${lines(report, words).join("\n")}\n`);
  return report.problems.length === 0 ? 0 : 2;
}

function lines({ manifest, key, problems }: BundleReport, words: Words): string[] {
  if (problems.length > 0) {
    return problems.map(({ problem, what }) => words(`bundleProblem.${problem}`, { what: printable(what) }));
  }
  if (!manifest) return [];
  const { run, created, createdBy, instance, files } = manifest;
  return [
    words("bundleWhole", { files: files.map(({ name }) => name).join(", ") }),
    words("bundleOf", { run, created, by: printable(createdBy), url: printable(instance.url) }),
    words("bundleKey", { key: key ?? "" }),
  ];
}

/** From a file, from an address, or from the server that `weekbook login` knows: never from the bundle itself. */
async function trustedKeys(options: VerifyBundleOptions, { cwd, env }: Surroundings): Promise<TrustedKey[]> {
  const { key, insecureHttp = false } = options;
  const server = key === undefined ? await findServer(env, { insecureHttp }) : null;
  if (key === undefined && !server) {
    throw new UsageError(
      "Whose signature? Name the key with --key FILE or --key URL, or log in to its server.",
    );
  }
  const source = key ?? server?.url ?? "";
  const pem = /^https?:\/\//.test(source)
    ? await fetchPem(source, insecureHttp)
    : await readPem(path.resolve(cwd, source));
  const keys = readKeys(pem);
  if (keys.length === 0) throw new UsageError(`${source} holds no Ed25519 public key.`);
  return keys;
}

async function readPem(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  });
  return text.slice(0, mostKeyBytes);
}

/** A key from an address is worth what its transport is: https, or this machine. A bare server means its own keys. */
async function fetchPem(source: string, insecureHttp: boolean): Promise<string> {
  const url = new URL(readUrl(source, insecureHttp));
  if (url.pathname === "/") url.pathname = keysPath;
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(10_000) }).catch(
    (cause: unknown) => {
      throw new UnavailableError(`${url.origin} does not answer.`, { cause });
    },
  );
  if (!response.ok || !response.body) throw new UnavailableError(`${url.href} answers ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > mostKeyBytes) throw new UnavailableError(`${url.href} sends more than keys.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
