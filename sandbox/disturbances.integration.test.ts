import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask } from "./testing/client.ts";

let cluster: PracticeCluster;
const pods = "/api/v1/pods?limit=50";

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
});
afterEach(() => cluster.clearTroubles());
afterAll(() => cluster.close());

const status = async (path = pods) => (await ask(cluster, "viewer", path)).status;

test.each([401, 403, 410, 429, 500, 503, 504] as const)(
  "a %i for the next request, and for that one only",
  async (code) => {
    const order = cluster.failNext({ trouble: { kind: "status", status: code } });
    expect([await status(), await status()]).toEqual([code, 200]);
    expect(order.hits()).toBe(1);
  },
);

test("only requests that match are disturbed, as often as ordered, after as many as ordered", async () => {
  cluster.failNext({
    match: { path: /nodes$/, user: "viewer", method: "GET", query: /limit=50/ },
    trouble: { kind: "status", status: 503 },
    times: 2,
    afterRequests: 1,
  });
  expect(await status()).toBe(200);
  expect(await status("/api/v1/nodes")).toBe(200);
  const nodes = "/api/v1/nodes?limit=50";
  const answers = [await status(nodes), await status(nodes), await status(nodes), await status(nodes)];
  expect(answers).toEqual([200, 503, 503, 200]);
});

test("a cancelled order does nothing", async () => {
  cluster.failNext({ trouble: { kind: "reset" } }).cancel();
  expect(await status()).toBe(200);
});

test("a body that is cut off arrives as a broken answer, not as a short one", async () => {
  cluster.failNext({ trouble: { kind: "cut", afterBytes: 1_000 } });
  await expect(ask(cluster, "viewer", pods)).rejects.toThrow("aborted");
});

test("a reset breaks the connection", async () => {
  cluster.failNext({ trouble: { kind: "reset" } });
  await expect(ask(cluster, "viewer", pods)).rejects.toThrow("socket hang up");
});

test("a slow answer is right; a body that is no JSON comes with 200", async () => {
  cluster.failNext({ trouble: { kind: "slow", delayMs: 50 } });
  expect(await status()).toBe(200);
  cluster.failNext({ trouble: { kind: "garbage" } });
  const garbage = await ask(cluster, "viewer", pods);
  expect([garbage.status, garbage.headers["content-type"], garbage.body]).toEqual([
    200,
    "application/json",
    undefined,
  ]);
});

test("requests are logged with who, what and how it went", async () => {
  await ask(cluster, "viewer", pods);
  await ask(cluster, "nobody", "/api/v1/nodes");
  expect(cluster.requests.slice(-2)).toMatchObject([
    { method: "GET", path: "/api/v1/pods", query: "limit=50", user: "viewer", status: 200 },
    { path: "/api/v1/nodes", user: "nobody", status: 403 },
  ]);
});
