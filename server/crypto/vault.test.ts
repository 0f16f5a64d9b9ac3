import { describe, expect, test } from "vitest";
import { createOpener, createSealer, generateWorkerKeys, VaultError } from "./vault.ts";

const binding = { teamId: "team-1", connectionId: "connection-1" };
const fields = { token: "canary-é-7f3a", caPem: "-----BEGIN" };

async function setUp() {
  const keys = await generateWorkerKeys();
  const [sealer, opener] = [await createSealer(keys.publicKey), await createOpener(keys)];
  return { keys, opener, record: await sealer.seal(binding, fields), sealer };
}

async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(VaultError);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("canary");
  return error instanceof VaultError ? error.problem : "none";
}

describe("a sealed credential", () => {
  test("opens to what was sealed", async () => {
    const { opener, record } = await setUp();
    expect(await opener.open(binding, record)).toEqual(fields);
  });

  test("shows nothing of its secret and never looks the same twice", async () => {
    const { record, sealer } = await setUp();
    const again = await sealer.seal(binding, fields);
    expect(JSON.stringify(record.fields)).not.toContain("canary");
    expect(again.fields.token).not.toBe(record.fields.token);
    expect(Buffer.from(again.sealedKey)).not.toEqual(Buffer.from(record.sealedKey));
  });

  test.each([
    ["team", { ...binding, teamId: "team-2" }],
    ["connection", { ...binding, connectionId: "connection-2" }],
    ["the border between team and connection", { teamId: 'team-1","connection', connectionId: "-1" }],
  ])("does not open for another %s", async (_name, other) => {
    const { opener, record } = await setUp();
    expect(await problemOf(opener.open(other, record))).toBe("unreadable");
  });

  test("does not open when fields are swapped, dropped, added or renamed", async () => {
    const { opener, record } = await setUp();
    const token = record.fields.token ?? "";
    const caPem = record.fields.caPem ?? "";
    const forgeries: Record<string, string>[] = [
      { token: caPem, caPem: token },
      { token },
      { token, caPem, extra: token },
      { token, other: caPem },
    ];
    for (const changed of forgeries) {
      expect(await problemOf(opener.open(binding, { ...record, fields: changed }))).toBe("unreadable");
    }
  });

  test("does not open with the data key of another credential of the same connection", async () => {
    const { opener, record, sealer } = await setUp();
    const other = await sealer.seal(binding, fields);
    expect(await problemOf(opener.open(binding, { ...record, sealedKey: other.sealedKey }))).toBe(
      "unreadable",
    );
  });

  test("does not open for another worker", async () => {
    const { record } = await setUp();
    const other = await setUp();
    expect(await problemOf(other.opener.open(binding, record))).toBe("other-worker-key");
    const relabelled = { ...record, workerKeyId: other.record.workerKeyId };
    expect(await problemOf(other.opener.open(binding, relabelled))).toBe("unreadable");
  });

  test("does not open after any single byte was changed", async () => {
    const { opener, record } = await setUp();
    const [version, encoded] = (record.fields.token ?? "").split(".");
    const body = Buffer.from(encoded ?? "", "base64");
    for (let index = 0; index < body.length; index++) {
      const flipped = Buffer.from(body);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      const token = `${version}.${flipped.toString("base64")}`;
      const tampered = { ...record, fields: { ...record.fields, token } };
      expect(await problemOf(opener.open(binding, tampered))).toBe("unreadable");
    }
    const sealedKey = new Uint8Array(record.sealedKey);
    sealedKey[40] = (sealedKey[40] ?? 0) ^ 1;
    expect(await problemOf(opener.open(binding, { ...record, sealedKey }))).toBe("unreadable");
  });

  test("does not open when truncated or in another format", async () => {
    const { opener, record } = await setUp();
    for (const token of ["", "v1.", "v1.AAAA", `v2.${record.fields.token?.slice(3)}`]) {
      const changed = { ...record, fields: { ...record.fields, token } };
      expect(await problemOf(opener.open(binding, changed))).toBe("unreadable");
    }
  });
});

test("keys that are no keys, or do not belong together, are refused at start", async () => {
  const [one, two] = [await generateWorkerKeys(), await generateWorkerKeys()];
  expect(await problemOf(createSealer("c2hvcnQ="))).toBe("bad-key");
  expect(await problemOf(createOpener({ publicKey: one.publicKey, privateKey: two.privateKey }))).toBe(
    "bad-key",
  );
});
