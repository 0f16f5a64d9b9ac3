import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createPrometheusConnector } from "#server/connectors/prometheus/client.ts";
import { runOnEndpoint } from "#testing/endpoint-run.ts";
import { type PrometheusServer, startPrometheus } from "#testing/prometheus.ts";
import { check } from "./cpu-throttling.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
let scrapes = 0;
/** As a kubelet's cAdvisor says it: one container is stopped in half of its periods, one never. */
function metrics(): string {
  const rows = [
    { pod: "web-7c9f4b6d58-x2x9k", throttled: 5 },
    { pod: "ledger-0", throttled: 0 },
  ].flatMap(({ pod, throttled }) => {
    const labels = `container="app",namespace="shop",pod="${pod}"`;
    return [
      `container_cpu_cfs_periods_total{${labels}} ${scrapes * 10}`,
      `container_cpu_cfs_throttled_periods_total{${labels}} ${scrapes * throttled}`,
      `container_cpu_usage_seconds_total{${labels}} ${scrapes * 0.2}`,
      `container_spec_cpu_quota{${labels}} 50000`,
      `container_spec_cpu_period{${labels}} 100000`,
    ];
  });
  return `${rows.join("\n")}\n`;
}

const kubelet = createServer((_, response) => {
  scrapes += 1;
  response.end(metrics());
});
let prometheus: PrometheusServer;

beforeAll(async () => {
  await new Promise<void>((fulfil) => kubelet.listen(0, "127.0.0.1", fulfil));
  const address = kubelet.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  prometheus = await startPrometheus({ jobs: { kubelet: `127.0.0.1:${address.port}` } });
  await prometheus.until(
    'increase(container_cpu_cfs_throttled_periods_total{pod="web-7c9f4b6d58-x2x9k"}[1m]) > 0',
  );
});
afterAll(async () => {
  await prometheus?.stop();
  kubelet.close();
});

test("finds the one that is throttled, by the queries of a real server", async () => {
  const own = { baseUrl: `http://127.0.0.1:${prometheus.port}` };
  const outcome = await runOnEndpoint(
    check,
    { windowMinutes: 1, historyHours: 1 },
    { prometheus: createPrometheusConnector({ dialler, own }) },
  );
  expect(outcome.findings.map(({ verdict, code, subject }) => [verdict, code, subject])).toEqual([
    ["fail", "throttled", { kind: "Deployment", namespace: "shop", name: "web", part: "app" }],
  ]);
  expect(outcome.findings[0]?.message.en).toContain("limit of 500m in up to 50 % of the periods");
  expect(outcome.measurements.find(({ name }) => name === "containers-with-limit")?.value).toBe(2);
});
