import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { expectedFindings } from "#sandbox/truth.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { allowRequests } from "#testing/request-budget.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import { checks } from "../checks/registry.gen.ts";
import { connectCluster } from "../domain/clusters/connect.ts";
import type { TeamContext } from "../domain/context.ts";
import { cancelRun } from "../domain/runs/cancel.ts";
import { startRun } from "../domain/runs/start.ts";
import { workerAlive } from "./presence.ts";

const unzip = promisify(zstdDecompress);
const kubernetesChecks = checks
  .filter((check) => check.target === "kubernetes" && check.effect === "read")
  .map((check) => check.id);

let practice: PracticeCluster;
let instance: TestInstance;
let ctx: TeamContext;
let cluster: string;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  [practice, instance] = await Promise.all([
    startPracticeCluster({ nodes: 4, pods: 80 }),
    createTestInstance(),
  ]);
  ctx = await instance.member(await instance.team(), "admin");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  cluster = (await connectCluster({ ctx, input: { name: "Practice", production: false, source } })).slug;
  await allowRequests(ctx, cluster);
  const teamId = ctx.team.id;
  await instance.db.cluster.create({
    data: {
      ...{ teamId, slug: "this-machine", name: "This machine" },
      connections: { create: { teamId, kind: "local_host", address: "this machine" } },
    },
  });
});
afterEach(async () => {
  practice.clearTroubles();
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
});
afterAll(async () => {
  await instance?.close();
  await practice?.close();
});

async function startWorker(env?: Record<string, string>) {
  const worker = await startWorkerProcess({ url: instance.url, keys: instance.workerKeys, env });
  workers.push(worker);
  return worker;
}

async function start(
  ids: readonly string[],
  on: string | readonly string[] = cluster,
  params: Record<string, unknown> = {},
) {
  const input = {
    clusters: [on].flat(),
    runbook: null,
    checks: ids.map((id) => ({ id, params })),
    confirmActive: [],
    idempotencyKey: randomUUID(),
  };
  return (await startRun({ ctx, input })).runId;
}

const readRun = (id: string) => instance.db.run.findUniqueOrThrow({ where: { id } });
const readResults = (runId: string) =>
  instance.db.result.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });

const readParts = (runId: string) =>
  instance.db.runPart.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
const attemptsOf = async (runId: string) => (await readParts(runId)).map(({ attempt }) => attempt);

function ended(runId: string, timeoutMs = 60_000) {
  return vi.waitFor(
    async () => {
      const run = await readRun(runId);
      expect(run.endedAt).not.toBeNull();
      return run;
    },
    { timeout: timeoutMs, interval: 20 },
  );
}

/** Lists of a kind that began at the first page since `from`. */
function firstPages(from: number): string[] {
  return practice.requests
    .slice(from)
    .filter(
      ({ method, query }) => method === "GET" && /\blimit=500\b/.test(query) && !query.includes("continue="),
    )
    .map(({ path, query }) => `${path}?${query}`);
}

type Found = { verdict: string; code?: string; subject: unknown };
const findingKey = (checkId: string, { verdict, code, subject }: Found) =>
  `${checkId} ${verdict} ${code} ${JSON.stringify(Object.entries(Object(subject)).toSorted())}`;

describe("a run, end to end", () => {
  test("finds what the truth says, lists each kind once, and keeps everything", async () => {
    const worker = await startWorker();
    expect(await workerAlive(instance.pool)).toBe(true);
    const from = practice.requests.length;
    const runId = await start(kubernetesChecks);
    const run = await ended(runId);
    const results = await readResults(runId);

    expect(results.map(({ checkId, phase }) => [checkId, phase])).toEqual(
      kubernetesChecks.map((id) => [id, "done"]),
    );
    expect(
      results.every((result) => result.targetName === "Practice" && result.target === "kubernetes"),
    ).toBe(true);
    const paths = firstPages(from);
    expect(paths).toContain("/api/v1/pods?limit=500");
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);

    const findings = await instance.db.finding.findMany({ where: { runId }, orderBy: { ordinal: "asc" } });
    const checkOf = new Map(results.map((result) => [result.id, result.checkId]));
    const found = findings.map((finding) => findingKey(checkOf.get(finding.resultId) ?? "", finding));
    const expected = kubernetesChecks.flatMap((id) =>
      expectedFindings(practice.truth, id).map((finding) => findingKey(id, finding)),
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(found.toSorted()).toEqual(expected.toSorted());

    expect(run).toMatchObject({
      status: "done",
      verdict: "fail",
      requestedBy: Object(ctx.actor).name,
    });
    expect(Object.values(Object(run.counts)).reduce((sum: number, n) => sum + Number(n), 0)).toBe(
      results.length,
    );
    expect(Object(run.cost).calls).toBeGreaterThan(0);
    expect(results.every((result) => result.seq > 0 && result.seq < run.seq)).toBe(true);

    const states = await instance.db.checkState.findMany({ where: { runId } });
    expect(states.map(({ checkId, verdict }) => [checkId, verdict]).toSorted()).toEqual(
      results.map(({ checkId, verdict }) => [checkId, verdict]).toSorted(),
    );
    const duplicate = results.find((result) => result.checkId === "kubernetes/duplicate-pod-ip");
    const facts = await instance.db.facts.findFirstOrThrow({ where: { runId, resultId: duplicate?.id } });
    const text = (await unzip(facts.data)).toString();
    expect(text.length).toBeGreaterThan(2);
    expect(JSON.parse(text)).toMatchObject({ observedAt: expect.any(String), needs: expect.any(Object) });

    expect(await worker.stop()).toBe(0);
    expect(await workerAlive(instance.pool)).toBe(false);
  });

  test("what has no target is skipped with the reason", async () => {
    await startWorker();
    const runId = await start(["host/tcp-accept-queues", "document/pem-chain"]);
    const run = await ended(runId);
    const results = await readResults(runId);
    expect(results.map(({ target, verdict, reason }) => [target, verdict, Object(reason).code])).toEqual([
      ["none", "skip", "no-target"],
      ["document", "skip", "not-supplied"],
    ]);
    expect(run).toMatchObject({ status: "done", verdict: "skip" });
  });

  test("this machine is tested and read when it may be", async () => {
    await startWorker();
    const { teamId, id: connectionId } = await instance.db.connection.findFirstOrThrow({
      where: { kind: "local_host" },
    });
    await instance.db.$transaction((tx) =>
      ctx.queue.enqueue(tx, "test-connection", { connectionId, teamId }),
    );
    await vi.waitFor(async () => {
      const { lastTest } = await instance.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
      expect(lastTest).toMatchObject({ ok: true, version: (await import("node:os")).release() });
    }, 30_000);
    const runId = await start(["host/tcp-accept-queues"], "this-machine");
    await ended(runId);
    const [result] = await readResults(runId);
    expect(result).toMatchObject({ target: "this-machine", phase: "done" });
    expect(["pass", "warn", "fail"]).toContain(result?.verdict);
  });

  test("a connection is tested: version, identity, permissions", async () => {
    await startWorker();
    const connection = await vi.waitFor(async () => {
      const found = await instance.db.connection.findFirstOrThrow({ where: { cluster: { slug: cluster } } });
      expect(found.lastTest).not.toBeNull();
      return found;
    }, 10_000);
    expect(connection.lastTest).toMatchObject({
      ok: true,
      version: practice.truth.gitVersion,
      userName: "viewer",
    });
    await vi.waitFor(
      async () => {
        const tested = await instance.db.cluster.findFirstOrThrow({ where: { slug: cluster } });
        expect(tested, "a practice cluster is marked as one, however it was registered").toMatchObject({
          practice: true,
        });
      },
      { timeout: 30_000 },
    );
  });
});

describe("what a worker does not touch", () => {
  test("the database it works for, though loopback is open to it", async () => {
    await startWorker();
    const { host } = new URL(instance.url);
    const runId = await start(["endpoint/tls-certificate"], cluster, { endpoint: host });
    await ended(runId);
    const [result] = await readResults(runId);
    expect(result).toMatchObject({
      verdict: "unknown",
      reason: { code: "refused-address", detail: expect.stringContaining("own-database") },
    });
  });

  test("a loopback address that nobody opened", async () => {
    await startWorker({ WEEKBOOK_ALLOWED_RANGES: "" });
    const runId = await start(["kubernetes/duplicate-pod-ip"]);
    await ended(runId);
    const [result] = await readResults(runId);
    expect(result).toMatchObject({ verdict: "unknown", reason: { code: "refused-address" } });
  });

  test("the machine it runs on, unless that is switched on", async () => {
    await startWorker({ WEEKBOOK_THIS_MACHINE: "0" });
    const runId = await start(["host/tcp-accept-queues"], "this-machine");
    await ended(runId);
    const [result] = await readResults(runId);
    expect(result).toMatchObject({ target: "none", verdict: "skip", reason: { code: "no-target" } });
  });

  test("a credential sealed to another key: unknown, with what to do", async () => {
    const { generateWorkerKeys } = await import("../crypto/vault.ts");
    const worker = await startWorkerProcess({ url: instance.url, keys: await generateWorkerKeys() });
    workers.push(worker);
    const runId = await start(["kubernetes/duplicate-pod-ip"]);
    await ended(runId);
    const [result] = await readResults(runId);
    expect(result).toMatchObject({
      verdict: "unknown",
      reason: {
        code: "credential-unreadable",
        detail: expect.stringContaining("enter the credential again"),
      },
    });
  });
});

describe("never a false green", () => {
  test("one permission less: unknown, forbidden, and what could not be read; the next run is right again", async () => {
    await startWorker();
    practice.revoke("viewer", { verb: "list", group: "", resource: "pods" });
    const runId = await start(["kubernetes/duplicate-pod-ip"]);
    const run = await ended(runId);
    const [result] = await readResults(runId);
    expect(run.verdict).toBe("unknown");
    expect(result).toMatchObject({ verdict: "unknown", reason: { code: "forbidden" } });
    expect(JSON.stringify(result?.coverage)).toContain("pods");
    const state = await instance.db.checkState.findFirstOrThrow({ where: { runId } });
    expect(state).toMatchObject({ verdict: "unknown", previousVerdict: "fail" });

    practice.grantAgain("viewer");
    const again = await start(["kubernetes/duplicate-pod-ip"]);
    expect((await ended(again)).verdict).toBe("fail");
  });
});

describe("cut short", () => {
  const slow = (delayMs: number) =>
    practice.failNext({
      match: { path: /^\/api\/v1\/nodes|^\/apis/ },
      trouble: { kind: "slow", delayMs },
      times: 1_000,
    });
  const hang = () =>
    practice.failNext({ match: { path: "/api/v1/pods" }, trouble: { kind: "hang" }, times: 1_000 });

  test("cancelled within a second though the server hangs; the run ends as cancelled", async () => {
    await startWorker();
    hang();
    const cancelOnce = async () => {
      const runId = await start(kubernetesChecks);
      await vi.waitFor(async () => {
        expect((await readResults(runId)).some((result) => result.phase === "reading")).toBe(true);
      }, 30_000);
      await cancelRun({ ctx, input: { runId } });
      const run = await ended(runId);
      return { run, tookMs: Number(run.endedAt) - Number(run.cancelRequestedAt) };
    };
    // The best of three: this machine may be busy with other tests.
    const tries = [await cancelOnce()];
    while (tries.length < 3 && tries.every(({ tookMs }) => tookMs >= 1_000)) tries.push(await cancelOnce());
    expect(Math.min(...tries.map(({ tookMs }) => tookMs))).toBeLessThan(1_000);
    for (const { run } of tries) {
      expect(run.status).toBe("cancelled");
      const results = await readResults(run.id);
      const cancelled = results.filter((result) => Object(result.reason).code === "cancelled");
      expect(cancelled.length).toBeGreaterThan(0);
      expect(cancelled.every(({ verdict, phase }) => verdict === "unknown" && phase === "done")).toBe(true);
      const ids = cancelled.map(({ id }) => id);
      expect(await instance.db.checkState.count({ where: { resultId: { in: ids } } })).toBe(0);
    }
  });

  test("a worker killed with -9 in the middle: another finishes the run, each result once", async () => {
    const first = await startWorker();
    // The document check is done at once; the lists hang with the first worker.
    const trouble = hang();
    const ids = [...kubernetesChecks, "document/pem-chain"];
    const runId = await start(ids);
    await vi.waitFor(
      async () => {
        const results = await readResults(runId);
        expect(results.find((result) => result.checkId === "document/pem-chain")?.phase).toBe("done");
        expect(results.some((result) => result.phase === "reading")).toBe(true);
      },
      { timeout: 30_000, interval: 20 },
    );
    const before = await readResults(runId);
    await first.kill();
    trouble.cancel();
    const killedMs = performance.now();
    await startWorker();
    const run = await ended(runId);
    const tookSeconds = (performance.now() - killedMs) / 1000;
    console.log(`finished by another worker ${tookSeconds.toFixed(1)} s after kill -9`);
    expect(tookSeconds).toBeLessThan(60);
    expect(run).toMatchObject({ status: "done", verdict: "fail" });
    expect(await attemptsOf(runId)).toEqual([2]);
    const results = await readResults(runId);
    expect(results.map(({ id, checkId }) => [id, checkId])).toEqual(
      before.map(({ id, checkId }) => [id, checkId]),
    );
    const done = (rows: typeof results) => rows.find((result) => result.checkId === "document/pem-chain");
    expect(done(results)).toEqual(done(before));
    const counted = await instance.db.finding.groupBy({ by: ["resultId"], where: { runId }, _count: true });
    for (const result of results) {
      const { pass, warn, fail, unknown } = Object(result.counts);
      const rows = counted.find((each) => each.resultId === result.id)?._count ?? 0;
      expect([result.checkId, rows]).toEqual([result.checkId, pass + warn + fail + unknown]);
    }
    expect(await instance.db.facts.count({ where: { runId } })).toBe(results.length);
  });

  test("every connection to the database cut, again and again: the run ends, each result once", async () => {
    const worker = await startWorker();
    const trouble = hang();
    const runId = await start(kubernetesChecks);
    const reading = async () =>
      expect((await readResults(runId)).some((result) => result.phase === "reading")).toBe(true);
    await vi.waitFor(reading, { timeout: 30_000, interval: 20 });
    for (let cut = 0; cut < 3; cut += 1) {
      await instance.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
    }
    trouble.cancel();
    expect((await ended(runId)).status).toBe("done");
    const results = await readResults(runId);
    expect(results.map(({ checkId, phase }) => [checkId, phase])).toEqual(
      kubernetesChecks.map((id) => [id, "done"]),
    );
    expect(await instance.db.facts.count({ where: { runId } })).toBe(kubernetesChecks.length);
    expect(worker.child.exitCode).toBeNull();
  }, 60_000);

  test("a worker that is told to stop hands its run back at once", async () => {
    const first = await startWorker();
    const trouble = hang();
    const runId = await start(kubernetesChecks);
    await vi.waitFor(async () => {
      expect((await readResults(runId)).some((result) => result.phase === "reading")).toBe(true);
    }, 10_000);
    const second = await startWorker();
    trouble.cancel();
    const stoppedMs = performance.now();
    expect(await first.stop()).toBe(0);
    const run = await ended(runId);
    expect(performance.now() - stoppedMs).toBeLessThan(30_000);
    expect(run).toMatchObject({ status: "done" });
    expect(await attemptsOf(runId)).toEqual([2]);
    await vi.waitFor(() => expect(second.output()).toContain("the part of the run has ended"), {
      timeout: 30_000,
    });
  });

  test("many runs over two workers: each result is written once", async () => {
    await Promise.all([startWorker(), startWorker()]);
    slow(50);
    const runIds = await Promise.all(Array.from({ length: 6 }, () => start(kubernetesChecks)));
    const runs = await Promise.all(runIds.map((runId) => ended(runId)));
    expect(runs.map((run) => [run.status, run.verdict])).toEqual(runs.map(() => ["done", "fail"]));
    for (const runId of runIds) expect(await attemptsOf(runId)).toEqual([1]);
    const prints = new Set<string>();
    for (const runId of runIds) {
      const findings = await instance.db.finding.findMany({
        where: { runId },
        select: { fingerprint: true },
      });
      prints.add(JSON.stringify(findings.map((finding) => finding.fingerprint).toSorted()));
    }
    expect(prints.size).toBe(1);
  });
});

test("the token is in no row and in no log line, in no form", async () => {
  const token = /token: (\S+)/.exec(practice.kubeconfig.viewer)?.[1]?.replaceAll('"', "") ?? "";
  expect(token.length).toBeGreaterThan(20);
  const worker = await startWorker();
  await ended(await start(kubernetesChecks));
  const { rows: tables } = await instance.pool.query<{ name: string }>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'pgboss')`,
  );
  let dump = worker.output();
  for (const { name } of tables) {
    const { rows } = await instance.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    dump += rows.map(({ row }) => row).join("\n");
  }
  for (const { data } of await instance.db.facts.findMany()) dump += (await unzip(data)).toString();
  expect(dump.length).toBeGreaterThan(10_000);
  const bytes = Buffer.from(token);
  const forms = [
    token,
    bytes.toString("base64").slice(0, -4),
    bytes.toString("hex"),
    encodeURIComponent(token),
  ];
  for (const form of forms) expect(dump.includes(form)).toBe(false);
});
