import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createPrometheusConnector } from "#server/connectors/prometheus/client.ts";
import { runOnEndpoint } from "#testing/endpoint-run.ts";
import { type PrometheusServer, startPrometheus } from "#testing/prometheus.ts";
import { countingContext } from "#testing/read-context.ts";
import { check } from "./golden-signals.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
let requests = 0;
const shop = () =>
  [
    `http_requests_total{code="200"} ${requests * 9}`,
    `http_requests_total{code="500"} ${requests}`,
    ...["0.1", "1", "+Inf"].map((le) => `http_request_duration_seconds_bucket{le="${le}"} ${requests * 10}`),
    `http_request_duration_seconds_count ${requests * 10}`,
    "http_requests_in_flight 4",
    "",
  ].join("\n");
const metrics = createServer((request, response) => {
  requests += 1;
  response.end(request.headers.host?.startsWith("localhost") ? "something_else 1\n" : shop());
});
let prometheus: PrometheusServer;

beforeAll(async () => {
  await new Promise<void>((fulfil) => metrics.listen(0, "127.0.0.1", fulfil));
  const address = metrics.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  const { port } = address;
  prometheus = await startPrometheus({
    jobs: { shop: `127.0.0.1:${port}`, mute: `localhost:${port}`, gone: "127.0.0.1:1" },
  });
  await prometheus.until('count(up) == 4 and on () (up{job="mute"} == 1)');
  await prometheus.until('rate(http_requests_total{job="shop",code="500"}[1m]) > 0');
  await prometheus.until('rate(process_cpu_seconds_total{job="prometheus"}[1m]) > 0');
});
afterAll(async () => {
  await prometheus?.stop();
  metrics.close();
});

const connector = () =>
  createPrometheusConnector({ dialler, own: { baseUrl: `http://127.0.0.1:${prometheus.port}` } });

test("says for each service which signals its metrics answer", async () => {
  const outcome = await runOnEndpoint(check, {}, { prometheus: connector() });
  const found = outcome.findings.map(({ verdict, code, subject }) => `${subject.name}: ${verdict} ${code}`);
  expect(found.sort()).toEqual([
    "gone: fail target-down",
    "gone: warn no-signals",
    "mute: warn no-signals",
    "prometheus: pass signals-answered",
    "shop: pass signals-answered",
  ]);
});

test("values as they are now are measured", async () => {
  const { measurements } = await runOnEndpoint(check, { windowMinutes: 1 }, { prometheus: connector() });
  const of = (service: string) =>
    Object.fromEntries(
      measurements.flatMap(({ name, subject, value }) => (subject === service ? [[name, value]] : [])),
    );
  const shop = of("shop");
  expect(shop.trafficNow).toBeGreaterThan(0);
  expect((shop.errorsNow ?? 0) / (shop.trafficNow ?? 1)).toBeCloseTo(0.1, 1);
  expect(shop.latencyP95Now).toBeGreaterThan(0);
  expect(of("prometheus").utilizationNow).toBeGreaterThan(0);
  expect(of("mute")).not.toHaveProperty("trafficNow");
});

test("its queries have values", async () => {
  const outcome = await runOnEndpoint(check, { windowMinutes: 1 }, { prometheus: connector() });
  const client = connector();
  for (const { subject, evidence = [] } of outcome.findings) {
    for (const { source, excerpt } of evidence) {
      const { value } = await client.read({ type: "prometheus.query", query: excerpt }, countingContext());
      expect(value, `${subject.name} ${source}: ${excerpt}`).toHaveLength(1);
      if (subject.name === "shop" && source === "errors") {
        expect(value[0]?.points[0]?.value).toBeCloseTo(0.1, 5);
      }
    }
  }
  await client.close();
});
