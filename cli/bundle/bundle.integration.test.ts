// Bundles end to end: made of a run in a real database, checked by the command's own code and by OpenSSL, spoilt in
// every way somebody might.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleManifestSchema } from "#common/contracts/bundle.ts";
import { createKeySealer } from "#server/crypto/key-sealer.ts";
import { makeBundle } from "#server/domain/bundles/make.ts";
import { type ZipEntry, zip } from "#server/domain/bundles/zip.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { activeKey } from "#server/domain/signing-keys/active.ts";
import { publicKeys } from "#server/domain/signing-keys/list.ts";
import { replaceSigningKey } from "#server/domain/signing-keys/replace.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { askRest, makeKey } from "#testing/rest.ts";
import { makeCluster, makeFindings, makeResult, makeRun } from "#testing/run-rows.ts";
import { type BundleReport, checkBundle, readKeys } from "./check-bundle.ts";

let instance: TestInstance;
let ctx: TeamContext;
let runId: string;
let folder: string;
let bundle: Buffer;
let files: Map<string, Buffer>;

const at = new Date("2026-11-28T10:00:00Z");

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "weekbook-bundle-"));
  instance = await createTestInstance();
  const team = await instance.team();
  ctx = { ...(await instance.member(team, "owner")), now: () => at };
  const cluster = await makeCluster({ db: instance.db, teamId: team.id }, "shop");
  const place = { db: instance.db, teamId: team.id, clusterId: cluster.id };
  runId = (await makeRun(place)).id;
  const result = await makeResult(place, runId);
  await makeFindings(instance.db, { runId, resultId: result.id }, [{ fingerprint: "web-0" }]);
  bundle = await bytesOf((await makeBundle({ ctx, input: { runId } })).body);
  files = unpacked(bundle);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await instance.close();
});

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Our own bundles are stored as they are: what lies between the headers are the files. */
function unpacked(archive: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let offset = 0; archive.readUInt32LE(offset) === 0x04034b50; ) {
    const [bytes, nameBytes] = [archive.readUInt32LE(offset + 18), archive.readUInt16LE(offset + 26)];
    const start = offset + 30 + nameBytes;
    found.set(archive.toString("ascii", offset + 30, start), archive.subarray(start, start + bytes));
    offset = start + bytes;
  }
  return found;
}

const entry = (name: string, content: Buffer): ZipEntry => ({
  ...{ name, bytes: content.length, crc: crc32(content) },
  body: (async function* () {
    yield content;
  })(),
});
const packed = (contents: Iterable<[string, Buffer]>) =>
  bytesOf(zip([...contents].map(([name, content]) => entry(name, content))));

async function check(content: Buffer, pem?: string): Promise<BundleReport> {
  const file = path.join(folder, "bundle.zip");
  writeFileSync(file, content);
  return checkBundle(file, readKeys(pem ?? (await publicKeys(instance))));
}
const problemsOf = async (content: Buffer, pem?: string) =>
  (await check(content, pem)).problems.map(({ problem, what }) => `${problem} ${what}`.trim());

test("a bundle is whole, and says of which run, by whom, when and with which key", async () => {
  const { manifest, key, problems } = await check(bundle);
  expect(problems).toEqual([]);
  expect(manifest).toMatchObject({
    ...{ run: runId, created: at.toISOString(), key },
    createdBy: ctx.actor.type === "user" ? ctx.actor.name : "",
    files: [{ name: "report.html" }, { name: "report.json" }],
  });
  expect(files.get("report.html")?.toString()).toContain("web-0 is wrong");
  expect(JSON.parse(files.get("report.json")?.toString() ?? "")).toMatchObject({ runId });
});

test("the same run, moment and person give the same bytes", async () => {
  const again = await bytesOf((await makeBundle({ ctx, input: { runId } })).body);
  expect(again.equals(bundle)).toBe(true);
});

test("OpenSSL says the same of signature, fingerprint and hashes", async () => {
  for (const [name, content] of files) writeFileSync(path.join(folder, name), content);
  writeFileSync(path.join(folder, "key.pem"), await publicKeys(instance));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder }).toString();
  const verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "manifest.json"];
  expect(openssl(...verify, "-sigfile", "manifest.json.sig")).toContain("Signature Verified Successfully");
  openssl("pkey", "-pubin", "-in", "key.pem", "-outform", "DER", "-out", "key.der");
  const { key } = bundleManifestSchema.parse(JSON.parse(files.get("manifest.json")?.toString() ?? ""));
  expect(openssl("dgst", "-sha256", "-r", "key.der")).toContain(key.replace("sha256:", ""));
  for (const { name, sha256 } of (await check(bundle)).manifest?.files ?? []) {
    expect(openssl("dgst", "-sha256", "-r", name)).toContain(sha256);
  }
  writeFileSync(path.join(folder, "manifest.json"), `${files.get("manifest.json")} `);
  expect(() => openssl(...verify, "-sigfile", "manifest.json.sig")).toThrow();
});

test("every single byte that is changed is found out", async () => {
  const step = Math.max(1, Math.floor(bundle.length / 400));
  for (let place = 0; place < bundle.length; place += step) {
    const spoilt = Buffer.from(bundle);
    spoilt[place] = (spoilt[place] ?? 0) ^ 0x41;
    const { problems } = await check(spoilt);
    // Dates and the like in headers are no content; what is said of the contents stays the same then.
    const same = [...unpackedOrNone(spoilt)].every(([name, content]) => files.get(name)?.equals(content));
    if (!same) expect(problems, `byte ${place}`).not.toEqual([]);
  }
});

function unpackedOrNone(content: Buffer): Map<string, Buffer> {
  try {
    return unpacked(content);
  } catch {
    return new Map([["", Buffer.alloc(0)]]);
  }
}

test("what is wrong is said precisely", async () => {
  const without = (name: string) => packed([...files].filter(([each]) => each !== name));
  const withOther = (name: string, content: string) =>
    packed([...files].map(([each, old]) => [each, each === name ? Buffer.from(content) : old]));
  expect(await problemsOf(await withOther("report.html", "<p>All well</p>"))).toEqual([
    "changed-file report.html",
  ]);
  expect(await problemsOf(await withOther("manifest.json", "{}"))).toEqual(["bad-signature manifest.json"]);
  expect(await problemsOf(await withOther("manifest.json.sig", "x".repeat(64)))).toEqual([
    "bad-signature manifest.json",
  ]);
  expect(await problemsOf(await withOther("manifest.json.sig", "x".repeat(900)))).toEqual([
    "bad-signature manifest.json",
  ]);
  expect(await problemsOf(await without("report.json"))).toEqual(["missing-file report.json"]);
  expect(await problemsOf(await without("manifest.json"))).toEqual(["missing-file manifest.json"]);
  expect(await problemsOf(await without("manifest.json.sig"))).toEqual(["missing-file manifest.json.sig"]);
  const extra: [string, Buffer] = ["../../etc/passwd", Buffer.from("x")];
  expect(await problemsOf(await packed([...files, extra]))).toEqual(["extra-file ../../etc/passwd"]);
  const twice: [string, Buffer] = ["report.html", Buffer.from("<p>All well</p>")];
  expect(await problemsOf(await packed([...files, twice]))).toEqual(["same-name-twice report.html"]);
  for (const length of [5, 100, bundle.length - 30, bundle.length - 1]) {
    expect(await problemsOf(bundle.subarray(0, length))).toEqual(["truncated"]);
  }
  expect(await problemsOf(Buffer.concat([bundle, Buffer.from("more")]))).toEqual(["appended"]);
  expect(await problemsOf(Buffer.concat([Buffer.from("PK"), bundle]))).toEqual(["not-a-bundle"]);
  expect(await problemsOf(Buffer.from("plain text"))).toEqual(["not-a-bundle"]);
  expect(await problemsOf(Buffer.alloc(0))).toEqual(["not-a-bundle"]);
});

test("what no directory names cannot hide between the files", async () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = [bundle.subarray(0, 200), bundle.subarray(200)];
  expect(await problemsOf(Buffer.concat([first, Buffer.alloc(64), second]))).toEqual(["layout"]);
});

test("packed again by another program it still verifies; a bomb is not blown up", async () => {
  const deflated = async (name: string, content: Buffer) => {
    const archive = await packed(
      [...files].map(([each, old]) => [each, each === name ? deflateRawSync(content) : old]),
    );
    return patched(archive, name, content.length);
  };
  expect(
    await problemsOf(await deflated("report.html", files.get("report.html") ?? Buffer.alloc(0))),
  ).toEqual([]);
  const bomb = await deflated("report.html", Buffer.alloc(64 << 20));
  const before = process.memoryUsage().arrayBuffers;
  expect(await problemsOf(bomb)).toEqual(["changed-file report.html"]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  expect(await problemsOf(await deflated("manifest.json", Buffer.alloc(64 << 20)))).toEqual([
    "bad-signature manifest.json",
  ]);
});

/** Calls a file deflated in both of its headers. */
function patched(archive: Buffer, name: string, bytes: number): Buffer {
  for (const [mark, nameAt, methodAt, bytesAt] of [
    ["PK\x03\x04", 30, 8, 22],
    ["PK\x01\x02", 46, 10, 24],
  ] as const) {
    for (
      let found = archive.indexOf(mark, 0, "latin1");
      found >= 0;
      found = archive.indexOf(mark, found + 1, "latin1")
    ) {
      if (archive.toString("ascii", found + nameAt, found + nameAt + name.length) !== name) continue;
      if (archive.readUInt16LE(found + nameAt - (nameAt === 30 ? 4 : 18)) !== name.length) continue;
      archive.writeUInt16LE(8, found + methodAt);
      archive.writeUInt32LE(bytes, found + bytesAt);
    }
  }
  return archive;
}

test("another key, and keys that were replaced", async () => {
  const old = await publicKeys(instance);
  const stranger = await createTestInstance();
  await activeKey(stranger.db, createKeySealer("quite another secret, 32 characters or more"));
  const { key } = await check(bundle);
  expect(await problemsOf(bundle, await publicKeys(stranger))).toEqual([`other-key ${key}`]);
  await stranger.close();
  await replaceSigningKey({ ctx });
  expect(await problemsOf(bundle)).toEqual([]);
  const fresh = await bytesOf((await makeBundle({ ctx, input: { runId } })).body);
  expect(await problemsOf(fresh)).toEqual([]);
  expect((await problemsOf(fresh, old))[0]).toMatch(/^other-key /);
  const rows = await instance.db.signingKey.findMany({ orderBy: { id: "asc" } });
  expect(rows.map(({ sealed, retiredAt }) => [sealed === null, retiredAt === null])).toEqual([
    [true, false],
    [false, true],
  ]);
  const stranded = await activeKey(instance.db, createKeySealer("a changed secret, 32 characters or more"));
  expect(rows.map(({ fingerprint }) => fingerprint)).not.toContain(stranded.fingerprint);
});

test("the database holds the private half sealed, bound to its own row", async () => {
  const sealer = createKeySealer("some secret of 32 characters or more");
  const box = sealer.seal("sha256:a", "-----BEGIN PRIVATE KEY-----");
  expect(box).not.toContain("PRIVATE");
  expect(sealer.open("sha256:a", box)).toBe("-----BEGIN PRIVATE KEY-----");
  expect(sealer.open("sha256:b", box)).toBeNull();
  expect(createKeySealer("another secret of 32 characters or more").open("sha256:a", box)).toBeNull();
  const [row] = await instance.db.$queryRaw<
    { text: string }[]
  >`SELECT string_agg(k::text, '') AS text FROM signing_key k`;
  expect(row?.text).not.toContain("PRIVATE KEY");
});

test("only owners of the instance replace the key; two at once make one", async () => {
  const other = await instance.member(await instance.team(), "owner");
  await expect(replaceSigningKey({ ctx: other })).rejects.toMatchObject({ code: "forbidden" });
  const sealer = createKeySealer("one more secret, 32 characters or more");
  const made = await Promise.all([1, 2, 3].map(() => activeKey(instance.db, sealer)));
  expect(new Set(made.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test("the API gives bundles to keys, and public keys to everybody", async () => {
  const answer = await askRest(instance, await makeKey(ctx, ["read"]), `/runs/${runId}/export?format=bundle`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
  const keys = await askRest(instance, null, "/signing-keys.pem");
  expect(keys.status).toBe(200);
  expect(readKeys(keys.text).length).toBeGreaterThan(1);
  expect(keys.text).not.toContain("PRIVATE");
});
