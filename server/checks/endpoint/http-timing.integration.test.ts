import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createHttpConnector } from "#server/connectors/http/client.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { startNginx } from "#testing/nginx.ts";
import { scriptedHttp } from "#testing/scripted-http.ts";
import type { Service } from "#testing/service-process.ts";
import { check } from "./http-timing.ts";

let nginx: Service;
beforeAll(async () => {
  const locations = "location /broken { return 503; } location /moved { return 302 /index.txt; }";
  nginx = await startNginx({ locations, files: { "index.txt": "hello" } });
});
afterAll(() => nginx?.stop());

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const ask = (url: string, params: Record<string, unknown> = {}) =>
  runOnEndpoint(
    check,
    { url, warnTotalMs: 5_000, failTotalMs: 10_000, ...params },
    { http: createHttpConnector({ dialler }) },
  );

test("nginx, fast: every phase is measured", async () => {
  const outcome = await ask(`http://127.0.0.1:${nginx.port}/moved?token=s3cr3t`, { repeat: 3 });
  expect([outcome.verdict, ...codesOf(outcome).toSorted()]).toEqual([
    "pass",
    "pass fast-enough",
    "pass status-good status",
  ]);
  const names = outcome.measurements.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["totalP50", "totalP95", "redirectP50", "lookupP50", "waitP50"]),
  );
  expect(outcome.measurements.find(({ name }) => name === "totalP50")?.value).toBeGreaterThan(0);
  expect(outcome.cost.calls).toBe(6);
  expect(JSON.stringify([outcome.findings, outcome.measurements])).not.toContain("s3cr3t");
});

test("nginx, with an error page", async () => {
  const outcome = await ask(`http://127.0.0.1:${nginx.port}/broken`);
  expect([outcome.verdict, ...codesOf(outcome)]).toEqual([
    "fail",
    "fail error-status status",
    "pass fast-enough",
  ]);
});

test("a server that is slow to answer: too slow, and the wait is named", async () => {
  await using slow = await scriptedHttp((_request, response) => {
    setTimeout(() => response.end("late"), 120);
  });
  const url = `http://127.0.0.1:${slow.port}/`;
  const outcome = await ask(url, { repeat: 2, warnTotalMs: 50, failTotalMs: 100, warnWaitMs: 80 });
  expect(outcome.verdict).toBe("fail");
  expect(codesOf(outcome)).toEqual(expect.arrayContaining(["fail too-slow", "warn slow-wait wait"]));
  expect(outcome.findings.find(({ code }) => code === "too-slow")?.message.en).toContain(
    "waiting for the first byte",
  );
});

test("a server that is not there is not judged", async () => {
  const outcome = await ask(`http://127.0.0.1:${nginx.port}/`, { url: "http://169.254.169.254/" });
  expect([outcome.verdict, outcome.reason?.code]).toEqual(["unknown", "refused-address"]);
});
