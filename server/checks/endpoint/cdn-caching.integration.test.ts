import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createHttpConnector } from "#server/connectors/http/client.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { startNginx } from "#testing/nginx.ts";
import { scriptedHttp } from "#testing/scripted-http.ts";
import type { Service } from "#testing/service-process.ts";
import { check } from "./cdn-caching.ts";

/** The delivery network is a real nginx with a cache in front of an origin that counts its requests. */
let origin: Awaited<ReturnType<typeof scriptedHttp>>;
let edge: Service;
let asked = 0;

beforeAll(async () => {
  origin = await scriptedHttp((request, response) => {
    asked += 1;
    if (request.url === "/kept") response.setHeader("cache-control", "public, max-age=600");
    if (request.url === "/cookie") response.setHeader("set-cookie", "session=s3cr3t");
    response.end("content");
  });
  edge = await startNginx({
    cache: true,
    locations: `location / { proxy_pass http://127.0.0.1:${origin.port}; proxy_cache edge;
      add_header X-Cache-Status $upstream_cache_status; }`,
  });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.[Symbol.asyncDispose]();
});

const ask = (path: string) => {
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
  const url = `http://127.0.0.1:${edge.port}${path}`;
  return runOnEndpoint(check, { url, requests: 3 }, { http: createHttpConnector({ dialler }) });
};

test("what may be kept is asked of the origin once", async () => {
  const before = asked;
  const outcome = await ask("/kept");
  expect([outcome.verdict, ...codesOf(outcome)]).toEqual(["pass", "pass hit"]);
  expect(asked - before).toBe(1);
  expect(outcome.measurements).toContainEqual({ name: "hits", value: 2, unit: "{requests}" });
});

test("a cookie sends every request to the origin, and its value is never kept", async () => {
  const before = asked;
  const outcome = await ask("/cookie");
  expect([outcome.verdict, ...codesOf(outcome)]).toEqual(["warn", "warn not-cacheable"]);
  expect(asked - before).toBe(3);
  expect(JSON.stringify(outcome)).not.toContain("s3cr3t");
});

test("the share of hits over several addresses, one of which nobody answers", async () => {
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
  const at = (path: string) => `http://127.0.0.1:${edge.port}${path}`;
  const connectors = { http: createHttpConnector({ dialler }) };
  const ratioOf = async (further: string[]) => {
    const params = { url: at("/kept"), further: further.join(" "), requests: 2 };
    const outcome = await runOnEndpoint(check, params, connectors);
    return { outcome, ratio: outcome.measurements.find(({ name }) => name === "hitRatio")?.value };
  };
  const good = await ratioOf([at("/kept?size=1"), at("/kept?size=2")]);
  expect([good.outcome.verdict, good.ratio]).toEqual(["warn", 33.3]);
  const all = await ratioOf([at("/kept")]);
  expect([all.outcome.verdict, all.ratio]).toEqual(["pass", 100]);
  const some = await ratioOf([at("/cookie"), "http://127.0.0.1:1/nobody"]);
  expect(some.ratio).toBe(50);
  expect(codesOf(some.outcome)).toEqual(
    expect.arrayContaining(["warn hit-ratio-low", "unknown address-unread", "pass hit"]),
  );
});
