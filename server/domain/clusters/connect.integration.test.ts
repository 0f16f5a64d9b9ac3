import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createOpener } from "#server/crypto/vault.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeKubeconfig } from "#testing/kubeconfig.ts";
import type { TeamContext } from "../context.ts";
import { connectCluster } from "./connect.ts";
import { getCluster } from "./get.ts";
import { listClusters } from "./list.ts";
import { removeCluster } from "./remove.ts";
import { replaceCredential } from "./replace-credential.ts";
import { testConnection } from "./test.ts";
import { updateCluster } from "./update.ts";

let instance: TestInstance;
let ctx: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "admin");
});
afterAll(() => instance.close());

const newToken = () => randomBytes(24).toString("hex");

async function connect(name = "Production", token = newToken(), server = "https://10.0.0.1:6443") {
  const source = { type: "kubeconfig" as const, text: await makeKubeconfig({ server, token }) };
  return connectCluster({ ctx, input: { name, production: true, source } });
}

async function connectionOf(slug: string) {
  const { connections } = await getCluster({ ctx, input: { cluster: slug } });
  const [connection] = connections;
  if (!connection) throw new Error("a connected cluster has a connection");
  return connection;
}

async function tokenOf(connectionId: string): Promise<string | undefined> {
  const opener = await createOpener(instance.workerKeys);
  const record = await instance.db.credential.findUniqueOrThrow({ where: { connectionId } });
  const fields = record.fields as Record<string, string>;
  return (await opener.open({ teamId: ctx.team.id, connectionId }, { ...record, fields })).token;
}

async function testJobs(connectionId: string): Promise<number> {
  const { rows } = await instance.pool.query(
    "SELECT 1 FROM pgboss.job WHERE name = 'test-connection' AND data->>'connectionId' = $1",
    [connectionId],
  );
  return rows.length;
}

test("registers the cluster with a sealed credential and a first test on its way", async () => {
  const token = newToken();
  const { slug } = await connect("Payments · 生产", token);
  expect(slug).toBe("payments");
  const connection = await connectionOf(slug);
  expect(connection).toMatchObject({
    kind: "kubernetes",
    address: "https://10.0.0.1:6443",
    hasCredential: true,
    credentialKind: "token",
    test: null,
    testing: true,
  });
  expect(await testJobs(connection.id)).toBe(1);
  expect(await tokenOf(connection.id)).toBe(token);
});

test("the token is nowhere in the database in the clear", async () => {
  const token = newToken();
  const { slug } = await connect("Canary", token);
  const { rows } = await instance.pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'pgboss')`,
  );
  const forms = [token, Buffer.from(token).toString("base64"), Buffer.from(token).toString("hex")];
  let tables = 0;
  for (const { name } of rows) {
    const dump = await instance.pool.query(`SELECT t::text AS line FROM ${name} t`);
    const text = JSON.stringify(dump.rows);
    for (const form of forms) expect(text, name).not.toContain(form);
    if (text.includes(slug)) tables += 1;
  }
  expect(tables).toBeGreaterThan(0);
});

test("a refused source says why in a word, keeps nothing and quotes no secret", async () => {
  const token = newToken();
  const text = (await makeKubeconfig({ server: "https://10.0.0.1", token })).replace(
    "token: ",
    "exec: {command: sh}, token: ",
  );
  const source = { type: "kubeconfig" as const, text };
  const refusal = await connectCluster({ ctx, input: { name: "Bad", production: false, source } }).catch(
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({ code: "invalid", message: "exec" });
  expect(JSON.stringify(refusal)).not.toContain(token);
  expect(String((refusal as Error).stack)).not.toContain(token);
  expect(await listClusters({ ctx })).toEqual([]);
});

test("two of the same name get addresses of their own; a name without Latin letters gets one too", async () => {
  expect([await connect("Prod"), await connect("Prod"), await connect("prod!")]).toEqual([
    { slug: "prod" },
    { slug: "prod-2" },
    { slug: "prod-3" },
  ]);
  expect(await connect("生产集群")).toEqual({ slug: "cluster" });
});

test("another access replaces the credential with the address, and forgets the old report", async () => {
  const { slug } = await connect();
  const before = await connectionOf(slug);
  const report = { ok: false, reason: { code: "unauthorized", what: "test" } };
  await instance.db.connection.update({
    where: { id: before.id },
    data: { lastTest: report, lastTestAt: new Date() },
  });
  expect((await connectionOf(slug)).test).toEqual(report);
  const token = newToken();
  const server = "https://other.example:6443";
  await replaceCredential({ ctx, input: { cluster: slug, source: { type: "token", server, token } } });
  const after = await connectionOf(slug);
  expect(after).toMatchObject({ id: before.id, address: server, test: null, testing: true });
  expect(await tokenOf(after.id)).toBe(token);
  expect(await instance.db.credential.count({ where: { connectionId: before.id } })).toBe(1);
  expect(await testJobs(after.id)).toBe(2);
});

test("a test is under way until it is reported on, and not for ever", async () => {
  const { slug } = await connect();
  const { id } = await connectionOf(slug);
  await instance.db.connection.update({ where: { id }, data: { lastTestAt: new Date() } });
  expect((await connectionOf(slug)).testing).toBe(false);
  await testConnection({ ctx, input: { cluster: slug, connectionId: id } });
  expect((await connectionOf(slug)).testing).toBe(true);
  const later = { ...ctx, now: () => new Date(Date.now() + 61_000) };
  const view = await getCluster({ ctx: later, input: { cluster: slug } });
  expect(view.connections[0]?.testing).toBe(false);
});

test("only the connection of that cluster can be tested", async () => {
  const { slug } = await connect("One");
  const other = await connectionOf((await connect("Two")).slug);
  await expect(
    testConnection({ ctx, input: { cluster: slug, connectionId: other.id } }),
  ).rejects.toMatchObject({ message: "connection-not-found" });
});

test("can be renamed in place, and removed with all that leads to it", async () => {
  const { slug } = await connect("Old name");
  const { id } = await connectionOf(slug);
  await updateCluster({ ctx, input: { cluster: slug, name: "New name", production: false } });
  expect(await getCluster({ ctx, input: { cluster: slug } })).toMatchObject({
    name: "New name",
    production: false,
  });
  await removeCluster({ ctx, input: { cluster: slug } });
  expect(await listClusters({ ctx })).toEqual([]);
  expect(await instance.db.credential.count({ where: { connectionId: id } })).toBe(0);
  expect(await instance.db.connection.count({ where: { id } })).toBe(0);
  expect(await connect("Old name")).toEqual({ slug });
});

test("a cluster of another team is not there", async () => {
  const { slug } = await connect();
  const stranger = await instance.member(await instance.team(), "owner");
  const gone = { code: "not-found", message: "cluster-not-found" };
  await expect(getCluster({ ctx: stranger, input: { cluster: slug } })).rejects.toMatchObject(gone);
  await expect(removeCluster({ ctx: stranger, input: { cluster: slug } })).rejects.toMatchObject(gone);
});
