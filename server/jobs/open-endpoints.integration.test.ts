import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Endpoint } from "#common/contracts/endpoint.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { createOpener } from "#server/crypto/vault.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { addEndpoint } from "#server/domain/endpoints/add.ts";
import { listEndpoints } from "#server/domain/endpoints/list.ts";
import { updateEndpoint } from "#server/domain/endpoints/update.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { type KafkaStub, startKafkaStub } from "#testing/kafka-stub.ts";
import { type MariadbServer, startMariadb } from "#testing/mariadb.ts";
import { type PrometheusServer, startPrometheus } from "#testing/prometheus.ts";
import { countingContext } from "#testing/read-context.ts";
import { type Gateway, openTargets } from "./open-targets.ts";
import { createRequestBudgets } from "./request-budget.ts";
import { createTestConnection } from "./test-connection.ts";

const password = "canary-job-51c0";
let instance: TestInstance;
let gateway: Gateway;
let ctx: TeamContext;
let cluster: { slug: string; id: string };
let mariadb: MariadbServer;
let prometheus: PrometheusServer;
let kafka: KafkaStub;
const site = createServer((request, response) => {
  response.writeHead(request.url === "/closed" ? 401 : 200).end("hello");
});

beforeAll(async () => {
  instance = await createTestInstance();
  [mariadb, prometheus, kafka] = await Promise.all([
    startMariadb(),
    startPrometheus(),
    startKafkaStub({ clusterId: "abc" }),
  ]);
  await mariadb.administer(`CREATE USER reader@'%' IDENTIFIED BY '${password}'`);
  await new Promise<void>((fulfil) => site.listen(0, "127.0.0.1", fulfil));
  const { db, workerKeys } = instance;
  gateway = {
    ...{ db, thisMachine: false, opener: await createOpener(workerKeys) },
    dialler: createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] }),
    budgets: createRequestBudgets(db, () => {}),
  };
});
afterAll(async () => {
  site.close();
  await Promise.all([mariadb?.stop(), prometheus?.stop(), kafka?.stop(), instance?.close()]);
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "admin");
  const { slug } = await connectCluster({ ctx, input: { name: "Databases", production: false } });
  const { id } = await instance.db.cluster.findFirstOrThrow({ where: { slug, teamId: ctx.team.id } });
  cluster = { slug, id };
});

const at = (port: number) => `127.0.0.1:${port}`;
const mysql = (): Endpoint => ({
  ...{ kind: "mysql", address: at(mariadb.port), tls: "preferred", username: "reader" },
});

async function sitePort(): Promise<number> {
  const address = site.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

async function add(endpoint: Endpoint, secret?: string): Promise<string> {
  const input = { cluster: cluster.slug, name: "main", endpoint, secret };
  return (await addEndpoint({ ctx, input })).connectionId;
}

async function report(connectionId: string) {
  const job = { connectionId, teamId: ctx.team.id };
  await createTestConnection(gateway)(job, AbortSignal.timeout(20_000));
  const found = await listEndpoints({ ctx, input: { cluster: cluster.slug } });
  return found.find(({ id }) => id === connectionId)?.test;
}

describe("a test of the connection", () => {
  test("says which MariaDB it is and as whom it answers", async () => {
    expect(await report(await add(mysql(), password))).toMatchObject({
      ...{ ok: true, userName: "reader@%", version: expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB/) },
    });
  });

  test("says why not, and quotes no password", async () => {
    const wrong = "canary-wrong-job-51c0";
    const seen = await report(await add(mysql(), wrong));
    expect(seen).toMatchObject({ ok: false, reason: { code: "unauthorized" } });
    expect(JSON.stringify(seen)).not.toContain(wrong);
  });

  test.each<[string, () => Promise<Endpoint> | Endpoint, object]>([
    [
      "Prometheus",
      () => ({ kind: "prometheus", address: `http://${at(prometheus.port)}`, auth: { type: "none" } }),
      { ok: true, version: expect.stringMatching(/^Prometheus \d+\.\d+/) },
    ],
    [
      "Kafka",
      () => ({ kind: "kafka", address: at(kafka.port), tls: "off", auth: { type: "none" } }),
      { ok: true, version: "Kafka abc · 1 broker" },
    ],
    [
      "HTTP",
      async () => ({ kind: "http", address: `http://${at(await sitePort())}/`, auth: { type: "none" } }),
      { ok: true, version: "HTTP/1.1 · 200" },
    ],
    [
      "HTTP that is closed",
      async () => ({
        kind: "http",
        address: `http://${at(await sitePort())}/closed`,
        auth: { type: "none" },
      }),
      { ok: false, reason: { code: "unauthorized" } },
    ],
    [
      "TLS where there is none",
      async () => ({ kind: "tls", address: at(await sitePort()) }),
      { ok: false, reason: { code: "unreachable", detail: expect.stringMatching(/^not-tls/) } },
    ],
    [
      "DNS where nobody answers",
      () => ({ kind: "dns", address: "127.0.0.1:1", transport: "tcp" }),
      { ok: false, reason: { code: "unreachable" } },
    ],
    [
      "a registry that is none",
      async () => ({ kind: "registry", address: `http://${at(await sitePort())}`, auth: { type: "none" } }),
      { ok: false },
    ],
  ])("tells of %s", async (_name, endpoint, expected) => {
    expect(await report(await add(await endpoint()))).toMatchObject(expected);
  });
});

describe("the targets of a run", () => {
  test("are the endpoints, each with its protocols, and what must not leave", async () => {
    await add(mysql(), password);
    await add({ kind: "http", address: "https://shop.example/", auth: { type: "none" } });
    await add({ kind: "kafka", address: "k.example", tls: "verified", auth: { type: "none" } });
    const opened = await openTargets(gateway, { clusterId: cluster.id, teamId: ctx.team.id });
    const own = opened?.targets.flatMap((target) =>
      target.kind === "endpoint" && target.own.length > 0 ? [[target.key, target.own, target.tls?.port]] : [],
    );
    expect(own?.sort()).toEqual([
      ["http:main", ["http", "tls"], 443],
      ["kafka:main", ["kafka", "tls"], 9092],
      ["mysql:main", ["mysql"], undefined],
    ]);
    expect(opened?.targets.some(({ kind }) => kind === "kubernetes")).toBe(false);
    expect(opened?.secrets).toEqual([password]);
    await opened?.close();
  });

  test("answer with the reason where the secret was dropped or does not open", async () => {
    const auth = { type: "bearer" as const };
    const connectionId = await add({ kind: "http", address: "https://a.example/", auth }, password);
    const read = async () => {
      const opened = await openTargets(gateway, { clusterId: cluster.id, teamId: ctx.team.id });
      const target = opened?.targets.find(({ key }) => key === "http:main");
      if (target?.kind !== "endpoint") throw new Error("no target");
      const request = { type: "http.request", url: null, method: "GET" } as const;
      return target.connectors.http?.read(request, countingContext());
    };
    const closed = { reason: { code: "credential-unreadable" } };
    await instance.db.credential.updateMany({ where: { connectionId }, data: { workerKeyId: "another" } });
    await expect(read()).rejects.toMatchObject(closed);
    const endpoint: Endpoint = { kind: "http", address: "https://b.example/", auth };
    await updateEndpoint({ ctx, input: { cluster: cluster.slug, connectionId, name: "main", endpoint } });
    await expect(read()).rejects.toMatchObject(closed);
  });
});
