import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Endpoint } from "#common/contracts/endpoint.ts";
import { createOpener } from "#server/crypto/vault.ts";
import { createCertificateAuthority } from "#testing/certificates.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { connectCluster } from "../clusters/connect.ts";
import { testConnection } from "../clusters/test.ts";
import type { TeamContext } from "../context.ts";
import { addEndpoint } from "./add.ts";
import { listEndpoints } from "./list.ts";
import { removeEndpoint } from "./remove.ts";
import { replaceEndpointSecret } from "./replace-secret.ts";
import { updateEndpoint } from "./update.ts";

let instance: TestInstance;
let ctx: TeamContext;
let cluster: string;
let caPem: string;

beforeAll(async () => {
  instance = await createTestInstance();
  caPem = (await createCertificateAuthority()).certPem.trim();
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "admin");
  cluster = (await connectCluster({ ctx, input: { name: "Databases", production: false } })).slug;
});
afterAll(() => instance.close());

const mysql: Endpoint = {
  ...{ kind: "mysql", address: " DB.example ", tls: "verified", username: "reader" },
};
const canary = () => `canary-${randomBytes(12).toString("hex")}`;
const add = (endpoint: Endpoint, secret?: string, name = "main") =>
  addEndpoint({ ctx, input: { cluster, name, endpoint, secret } });
const list = () => listEndpoints({ ctx, input: { cluster } });

async function secretOf(connectionId: string): Promise<string | undefined> {
  const record = await instance.db.credential.findUnique({ where: { connectionId } });
  if (!record) return undefined;
  const opener = await createOpener(instance.workerKeys);
  const fields = record.fields as Record<string, string>;
  return (await opener.open({ teamId: ctx.team.id, connectionId }, { ...record, fields })).secret;
}

async function fieldsOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "accepted",
    (error: { fields?: unknown }) => error.fields,
  );
}

test("is added with its secret sealed and a test on its way, in one spelling of its address", async () => {
  const secret = canary();
  const { connectionId } = await add(mysql, secret);
  expect(await list()).toMatchObject([
    {
      ...{ id: connectionId, name: "main", hasSecret: true, test: null, testing: true },
      endpoint: { kind: "mysql", address: "DB.example:3306", tls: "verified", username: "reader" },
    },
  ]);
  expect(await secretOf(connectionId)).toBe(secret);
  const { rows } = await instance.pool.query(
    "SELECT 1 FROM pgboss.job WHERE name = 'test-connection' AND data->>'connectionId' = $1",
    [connectionId],
  );
  expect(rows).toHaveLength(1);
  const shown = JSON.stringify([await list(), await instance.db.connection.findMany()]);
  expect(shown).not.toContain(secret);
});

describe("changed", () => {
  const change = (connectionId: string, endpoint: Endpoint, name = "main") =>
    updateEndpoint({ ctx, input: { cluster, connectionId, name, endpoint } });

  test("in name only, it keeps its secret and its report", async () => {
    const { connectionId } = await add(mysql, "secret");
    const report = { ok: false, reason: { code: "unauthorized", what: "test" } };
    await instance.db.connection.update({
      where: { id: connectionId },
      data: { lastTest: report, lastTestAt: new Date() },
    });
    expect(await change(connectionId, { ...mysql, address: "DB.example:3306" }, "other")).toEqual({
      secretDropped: false,
    });
    expect(await secretOf(connectionId)).toBe("secret");
    expect(await list()).toMatchObject([{ name: "other", test: report }]);
  });

  test.each<[string, Partial<Endpoint>]>([
    ["address", { address: "other.example" }],
    ["port", { address: "db.example:3307" }],
    ["TLS", { tls: "off" }],
    ["name that is held to", { serverName: "other.example" }],
    ["user", { username: "root" }],
  ])("in its %s, it loses its secret and its report", async (_name, part) => {
    const { connectionId } = await add(mysql, "secret");
    expect(await change(connectionId, { ...mysql, ...part } as Endpoint)).toEqual({ secretDropped: true });
    expect(await secretOf(connectionId)).toBeUndefined();
    expect(await list()).toMatchObject([{ hasSecret: false, test: null, testing: true }]);
  });

  test("it never becomes another kind", async () => {
    const { connectionId } = await add(mysql, "secret");
    const other: Endpoint = { kind: "tls", address: "db.example" };
    expect(await fieldsOf(change(connectionId, other))).toEqual({ "endpoint.kind": "kind-fixed" });
  });
});

test("its secret is replaced, and forgotten with it", async () => {
  const { connectionId } = await add(mysql, "one");
  await replaceEndpointSecret({ ctx, input: { cluster, connectionId, secret: "two" } });
  expect(await secretOf(connectionId)).toBe("two");
  // A test that is asked for again keeps what the endpoint is.
  await testConnection({ ctx, input: { cluster, connectionId } });
  expect(await list()).toMatchObject([{ endpoint: { kind: "mysql", username: "reader" } }]);
  await removeEndpoint({ ctx, input: { cluster, connectionId } });
  expect(await list()).toEqual([]);
  expect(await instance.db.credential.count({ where: { connectionId } })).toBe(0);
});

test("two of a kind need names of their own; another kind may have the same", async () => {
  await add(mysql);
  expect(await fieldsOf(add(mysql))).toEqual({ name: "name-taken" });
  await add({ kind: "tls", address: "db.example" });
  expect((await list()).map(({ endpoint: { kind } }) => kind)).toEqual(["mysql", "tls"]);
});

const none = { type: "none" } as const;
const bearer = { type: "bearer" } as const;
const plain = { type: "sasl", mechanism: "PLAIN", username: "u" } as const;

test.each<[Endpoint, object | string, string?]>([
  [{ ...mysql, address: "0x7f.1" }, { "endpoint.address": "address-place" }],
  [{ kind: "tls", address: "https://db.example" }, { "endpoint.address": "address-place" }],
  [{ kind: "http", address: "db.example", auth: none }, { "endpoint.address": "address-url" }],
  [{ kind: "http", address: "https://a:b@db.example", auth: none }, { "endpoint.address": "address-url" }],
  [{ kind: "http", address: "http://db.example", auth: none }, "accepted"],
  [
    { kind: "http", address: "http://db.example", auth: bearer },
    { "endpoint.address": "secret-needs-https" },
    "s",
  ],
  [{ kind: "http", address: "https://db.example", auth: bearer }, { secret: "secret-missing" }],
  [{ kind: "http", address: "https://db.example", auth: none }, { secret: "secret-unused" }, "s"],
  [{ kind: "dns", address: "10.0.0.53", transport: "udp" }, "accepted"],
  [
    { kind: "dns", address: "http://dns.example/q", transport: "doh-wire" },
    { "endpoint.address": "address-https" },
  ],
  [{ kind: "kafka", address: "a.example,b.example", tls: "off", auth: none }, "accepted"],
  [
    { kind: "kafka", address: "a.example b.example", tls: "off", auth: none },
    { "endpoint.address": "address-places" },
  ],
  [
    { kind: "kafka", address: "a.example", tls: "off", auth: plain },
    { "endpoint.tls": "secret-needs-tls" },
    "s",
  ],
  [{ kind: "tls", address: "db.example", caPem: "nonsense" }, { "endpoint.caPem": "ca-not-pem" }],
  [
    { kind: "registry", address: "https://r.example", auth: none, tokenHosts: ["auth.example", "https://x"] },
    { "endpoint.tokenHosts": "token-hosts" },
  ],
  [{ kind: "tls", address: "db.example", serverName: "a b" }, { "endpoint.serverName": "server-name" }],
])("%j: %j", async (endpoint, outcome, secret) => {
  expect(await fieldsOf(add(endpoint, secret))).toEqual(outcome);
});

test("a CA may be given, and nothing but one", async () => {
  await add({ kind: "tls", address: "db.example", caPem });
  const withKey = `${caPem}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`;
  expect(await fieldsOf(add({ kind: "tls", address: "db.example", caPem: withKey }, undefined, "b"))).toEqual(
    {
      "endpoint.caPem": "ca-not-pem",
    },
  );
});

test("another team's endpoint and a Kubernetes API are none of this cluster's endpoints", async () => {
  const { connectionId } = await add(mysql, "secret");
  const stranger = await instance.member(await instance.team(), "owner");
  const own = await connectCluster({ ctx: stranger, input: { name: "Theirs", production: false } });
  for (const named of [cluster, own.slug]) {
    await expect(
      removeEndpoint({ ctx: stranger, input: { cluster: named, connectionId } }),
    ).rejects.toMatchObject({ code: "not-found" });
  }
  expect(await secretOf(connectionId)).toBe("secret");
  const source = { type: "token" as const, server: "https://10.0.0.1:6443", token: "some-token" };
  const { slug } = await connectCluster({ ctx, input: { name: "With an API", production: false, source } });
  const api = await instance.db.connection.findFirstOrThrow({
    where: { kind: "kubernetes", teamId: ctx.team.id },
  });
  await expect(removeEndpoint({ ctx, input: { cluster: slug, connectionId: api.id } })).rejects.toMatchObject(
    { message: "connection-not-found" },
  );
});
