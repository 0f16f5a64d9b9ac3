import { createHash, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { crc32 } from "node:zlib";
import { type BundleManifest, bundleFormat, manifestName, signatureName } from "#common/contracts/bundle.ts";
import { defaultLocale, type Locale } from "#common/text.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { type ExportFormat, exportFormats } from "../run-exports/formats.ts";
import { readReport } from "../run-exports/read-report.ts";
import { findRun } from "../runs/find-run.ts";
import { activeKey, type SigningPair } from "../signing-keys/active.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { type ZipEntry, zip } from "./zip.ts";

const mostBytes = 1 << 30;

type Make = { ctx: TeamContext; input: { runId: string; language?: Locale } };
type Part = { name: string; make: () => AsyncIterable<Uint8Array> };
type Measured = { bytes: number; crc: number; sha256: string };

/**
 * An ended run as a file that can be checked: the report for people and for programs, a manifest with the hash of each,
 * and a signature over the manifest. The reports are made twice, to be measured and to be sent, so that none is held.
 */
export async function makeBundle({ ctx, input }: Make) {
  const { signing, actor } = ctx;
  if (!signing) throw new AppError("unavailable", "signing-unavailable");
  const run = await findRun(ctx, input.runId);
  if (run.endedAt === null) throw new AppError("conflict", "run-not-ended");
  const key = await activeKey(ctx.db, signing.sealer);
  const parts = await reportsOf(ctx, input);
  const measured = await Promise.all(
    parts.map(async (part) => ({ ...part, ...(await measure(part.make())) })),
  );
  const manifest: BundleManifest = {
    format: bundleFormat,
    run: run.id,
    instance: { id: await instanceId(ctx), url: signing.url },
    created: ctx.now().toISOString(),
    createdBy: actor.type === "nobody" ? "nobody" : actor.name,
    weekbook: await ownVersion(),
    key: key.fingerprint,
    files: measured.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  return {
    fileName: `weekbook-run-${run.id}.zip`,
    mediaType: "application/zip",
    body: zip([...signed(manifest, key), ...measured.map(toEntry)]),
  };
}

async function reportsOf(
  ctx: TeamContext,
  { runId, language: locale = defaultLocale }: Make["input"],
): Promise<Part[]> {
  const checks = await libraryOf(ctx, ctx.team.id);
  const read = async function* (format: "html" | "json") {
    const report = await readReport(ctx.db, { teamId: ctx.team.id, runId }, checks);
    if (!report) throw new AppError("not-found", "run-not-found");
    const { write }: ExportFormat = exportFormats[format];
    for await (const text of write({ ...report, checks }, { locale })) yield Buffer.from(text, "utf8");
  };
  return [
    { name: "report.html", make: () => read("html") },
    { name: "report.json", make: () => read("json") },
  ];
}

function signed(manifest: BundleManifest, { privateKey }: SigningPair): ZipEntry[] {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`, "utf8");
  return [entryOf(manifestName, text), entryOf(signatureName, sign(null, text, privateKey))];
}

function entryOf(name: string, content: Buffer): ZipEntry {
  return { name, bytes: content.length, crc: crc32(content), body: once(content) };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function measure(body: AsyncIterable<Uint8Array>): Promise<Measured> {
  const hash = createHash("sha256");
  let [bytes, crc] = [0, 0];
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new AppError("too-many", "bundle-too-large");
    crc = crc32(chunk, crc);
    hash.update(chunk);
  }
  return { bytes, crc, sha256: hash.digest("hex") };
}

/** What is sent must be what was measured: a bundle that would not verify breaks off instead of ending. */
function toEntry({ make, ...part }: Part & Measured): ZipEntry {
  return { ...part, body: same(make(), part) };
}

async function* same(body: AsyncIterable<Uint8Array>, { sha256, name }: Measured & { name: string }) {
  const hash = createHash("sha256");
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== sha256) throw new Error(`${name} changed while a bundle was made of it`);
}

/** The instance is called by its first key: that stays when keys are replaced. */
async function instanceId({ db }: TeamContext): Promise<string> {
  return (await db.signingKey.findFirstOrThrow({ orderBy: { id: "asc" }, select: { id: true } })).id;
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(process.cwd(), "package.json"), "utf8"));
  return String(version);
}
