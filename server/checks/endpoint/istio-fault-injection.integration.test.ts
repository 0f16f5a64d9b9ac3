import { expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createHttpConnector } from "#server/connectors/http/client.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { scriptedHttp } from "#testing/scripted-http.ts";
import { check } from "./istio-fault-injection.ts";

/** A server that does what Envoy's fault filter does: every n-th request late, or ended with the filter's own words. */
async function faulty(fault: {
  everyDelayed?: number;
  delayMs?: number;
  everyAborted?: number;
  onlyFor?: string;
}) {
  let asked = 0;
  return await scriptedHttp((request, response) => {
    asked += 1;
    const concerns = !fault.onlyFor || request.headers["x-exercise"] === fault.onlyFor;
    const due = (every: number | undefined) => concerns && every !== undefined && asked % every === 0;
    response.setHeader("server", "istio-envoy");
    if (due(fault.everyAborted)) {
      response.statusCode = 400;
      response.end("fault filter abort");
    } else if (due(fault.everyDelayed)) setTimeout(() => response.end("late"), fault.delayMs);
    else response.end("ok");
  });
}

const ask = async (port: number, params: Record<string, unknown> = {}) => {
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
  const given = { url: `http://127.0.0.1:${port}/?token=s3cr3t`, ...params };
  const outcome = await runOnEndpoint(check, given, { http: createHttpConnector({ dialler }) });
  expect(JSON.stringify([outcome.findings, outcome.measurements])).not.toContain("s3cr3t");
  return [outcome.verdict, ...codesOf(outcome)];
};

test("without a fault nothing is found", async () => {
  await using server = await faulty({});
  expect(await ask(server.port)).toEqual(["pass", "pass no-fault"]);
});

test("a forgotten delay and a forgotten abort are measured", async () => {
  await using server = await faulty({ everyDelayed: 4, delayMs: 600, everyAborted: 5 });
  expect(await ask(server.port)).toEqual(["fail", "fail abort-measured abort", "warn delay-measured delay"]);
});

test("an exercise is compared with what was meant", async () => {
  await using server = await faulty({ everyDelayed: 1, delayMs: 200, onlyFor: "slow" });
  const meant = { delayMs: 200, requests: 6, headerName: "x-exercise", headerValue: "slow" };
  expect(await ask(server.port, meant)).toEqual(["pass", "pass delay-as-intended delay"]);
  const { headerName: _, ...others } = meant;
  expect(await ask(server.port, others)).toEqual(["warn", "warn delay-not-seen delay"]);
  await using half = await faulty({ everyAborted: 2 });
  const aborts = { requests: 20, abortStatus: 400, abortPercent: 50 };
  expect(await ask(half.port, aborts)).toEqual(["pass", "pass abort-as-intended abort"]);
  const all = { ...aborts, abortPercent: 100 };
  expect(await ask(half.port, all)).toEqual(["warn", "warn abort-differs abort"]);
});
