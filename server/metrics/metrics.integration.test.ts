import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noCounts } from "#common/result.ts";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { connectCluster } from "#server/domain/clusters/connect.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { startRun } from "#server/domain/runs/start.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { type PrometheusServer, startPrometheus } from "#testing/prometheus.ts";
import { makeCluster, makeLife } from "#testing/run-rows.ts";
import { freePort } from "#testing/service-process.ts";
import { startWorkerProcess, type WorkerProcess } from "#testing/worker-process.ts";
import { contentTypes } from "./exposition.ts";
import { readGauges, seriesInMetric } from "./read-gauges.ts";

const token = "a token of the tests";
let practice: PracticeCluster;
let instance: TestInstance;
let worker: WorkerProcess;
let guarded: WorkerProcess;
let prometheus: PrometheusServer;
let port: number;
let guardedPort: number;
let owner: TeamContext;

beforeAll(async () => {
  practice = await startPracticeCluster({ nodes: 3, pods: 30 });
  instance = await createTestInstance();
  owner = await instance.member(await instance.team(), "owner");
  const source = { type: "kubeconfig", text: practice.kubeconfig.viewer } as const;
  await connectCluster({ ctx: owner, input: { name: "Prod", production: true, source } });
  [port, guardedPort] = [await freePort(), await freePort()];
  const of = { url: instance.url, keys: instance.workerKeys };
  worker = await startWorkerProcess({ ...of, env: { WEEKBOOK_METRICS_PORT: String(port) } });
  const env = { WEEKBOOK_METRICS_PORT: String(guardedPort), WEEKBOOK_METRICS_TOKEN: token };
  guarded = await startWorkerProcess({ ...of, env });
  prometheus = await startPrometheus({ jobs: { weekbook: `127.0.0.1:${port}` } });
});
afterAll(async () => {
  await prometheus?.stop();
  await Promise.all([worker?.stop(), guarded?.stop()]);
  await instance?.close();
  await practice?.close();
});

const scrape = (headers: Record<string, string> = {}, at = port, path = "/metrics") =>
  fetch(`http://127.0.0.1:${at}${path}`, { headers });

test("a real Prometheus finds a run in the metrics, and every gauge of the database", async () => {
  const cluster = await instance.db.cluster.findFirstOrThrow({ where: { teamId: owner.team.id } });
  await startRun({
    ctx: owner,
    input: {
      ...{ clusters: [cluster.slug], runbook: "duplicate-pod-ip", confirmActive: [] },
      ...{ checks: [{ id: "kubernetes/duplicate-pod-ip", params: {} }], idempotencyKey: "of-the-metrics" },
    },
  });
  const team = `team="${owner.team.slug}",cluster="${cluster.slug}"`;
  for (const query of [
    // Of two workers one did it: whichever that was, its result stands on the cluster.
    `weekbook_checks{${team},runbook="duplicate-pod-ip",verdict="fail"} == 1`,
    `time() - weekbook_last_proven_timestamp_seconds{${team},runbook="duplicate-pod-ip"} < 120`,
    `weekbook_findings{${team},state="open",verdict="fail"} > 0`,
    `weekbook_runs{team="${owner.team.slug}",status="done"} == 1`,
    `weekbook_queue_jobs{queue="run-checks",state="waiting"} == 0`,
    `weekbook_queue_oldest_seconds{queue="run-checks"} == 0`,
    "weekbook_workers == 2",
    "weekbook_database_up == 1",
    `weekbook_results_recorded_total{verdict="fail"}`,
    "process_resident_memory_bytes > 1e6",
  ]) {
    await prometheus.until(query);
  }
  const both = await Promise.all([scrape(), scrape({ authorization: `Bearer ${token}` }, guardedPort)]);
  const texts = (await Promise.all(both.map((answer) => answer.text()))).join("\n");
  expect(texts).toMatch(/^weekbook_run_duration_seconds_count\{status="done"\} 1$/m);
  expect(texts).toMatch(/^weekbook_run_duration_seconds_bucket\{status="done",le="600\.0"\} 1$/m);
  expect(texts).toMatch(/^weekbook_results_recorded_total\{verdict="fail"\} 1$/m);
  expect(texts).toMatch(/^weekbook_connector_calls_total [1-9]/m);
});

test("promtool finds nothing to complain of, and each format is what it says", async () => {
  const plain = await scrape();
  expect(plain.headers.get("content-type")).toBe(contentTypes.prometheus);
  const checked = spawnSync("promtool", ["check", "metrics"], {
    input: await plain.text(),
    encoding: "utf8",
  });
  expect(`${checked.stdout}${checked.stderr}`).toBe("");
  expect(checked.status).toBe(0);
  const open = await scrape({ accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5" });
  expect(open.headers.get("content-type")).toBe(contentTypes.openmetrics);
  expect(await open.text()).toMatch(/# EOF\n$/);
});

test("nobody is answered without the token, by a name, or at another address", async () => {
  const statuses = async (...asked: Promise<Response>[]) =>
    (await Promise.all(asked)).map(({ status }) => status);
  const bearer = (secret: string) => scrape({ authorization: `Bearer ${secret}` }, guardedPort);
  expect(await statuses(scrape({}, guardedPort), bearer("wrong"), bearer(token))).toEqual([401, 401, 200]);
  expect(await statuses(scrape({}, port, "/"), scrape({}, port, "/metrics?x=1"))).toEqual([404, 200]);
  const post = fetch(`http://127.0.0.1:${port}/metrics`, { method: "POST" });
  expect(await statuses(post)).toEqual([405]);
  const byName = spawnSync("curl", [
    "-so",
    "/dev/null",
    "-w",
    "%{http_code}",
    "-H",
    "Host: evil.example",
    `http://127.0.0.1:${port}/metrics`,
  ]);
  expect(String(byName.stdout)).toBe("403");
});

test("series have an end, and what is left out is said", async () => {
  const teamId = (await instance.team()).id;
  const { id: clusterId } = await makeCluster({ db: instance.db, teamId }, "many");
  await makeLife({ db: instance.db, teamId, clusterId }, "over", { state: "muted", mutedUntil: new Date(0) });
  await instance.db.checkState.createMany({
    data: Array.from({ length: 2_100 }, (_, index) => ({
      ...{
        clusterId,
        checkId: "kubernetes/duplicate-pod-ip",
        target: `t-${index}`,
        teamId,
        verdict: "pass" as const,
      },
      ...{
        changedAt: new Date(),
        checkedAt: new Date(),
        checkedBy: "Ada",
        runId: clusterId,
        resultId: clusterId,
      },
      counts: { ...noCounts },
    })),
  });
  await instance.db.cluster.createMany({
    data: Array.from({ length: 900 }, (_, index) => ({ teamId, slug: `c-${index}`, name: `c-${index}` })),
  });
  const metrics = await readGauges(instance.db);
  const samplesOf = (name: string) =>
    metrics.flatMap((metric) => (metric.name === name && metric.type !== "histogram" ? metric.samples : []));
  expect(samplesOf("weekbook_findings")).toHaveLength(seriesInMetric);
  const [left] = samplesOf("weekbook_series_left_out");
  expect(left).toMatchObject({ labels: { metric: "weekbook_findings" } });
  expect(left?.value).toBeGreaterThan(800);
  // Two thousand targets are one number.
  const passed = samplesOf("weekbook_checks").filter(
    ({ labels }) => labels.cluster === "many" && labels.verdict === "pass",
  );
  expect(passed).toEqual([expect.objectContaining({ value: 2_100 })]);
});
