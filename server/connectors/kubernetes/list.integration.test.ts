import { afterEach, describe, expect, test } from "vitest";
import { failureOf, inTurn, listOf, listPods, startScripted } from "#testing/kubernetes-client.ts";
import { readRecording, type Script } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";

const forbidden = readRecording("410-403-nobody-nodes");

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(...args: Parameters<typeof startScripted>) {
  const started = await startScripted(...args);
  closers.push(started.close);
  return started;
}

describe("a list of all namespaces that is forbidden", () => {
  const namespaces: Script = ({ path }) => {
    if (path === "/api/v1/pods") return forbidden;
    if (path === "/api/v1/namespaces") return listOf(["open", "closed", "also-open"]);
    if (path === "/api/v1/namespaces/closed/pods") return forbidden;
    return listOf([path.split("/")[4] ?? ""]);
  };

  test("is read namespace by namespace, naming those that stay closed", async () => {
    const outcome = await listPods(await start(namespaces));
    expect(outcome).toMatchObject({
      objects: 2,
      missing: [{ code: "forbidden", what: "list pods in namespace closed" }],
    });
    expect(outcome.uids.sort()).toEqual(["uid-also-open", "uid-open"]);
  });

  test("is forbidden where the namespaces are too", async () => {
    const started = await start(inTurn(forbidden));
    await expect(listPods(started)).rejects.toMatchObject({
      reason: { code: "forbidden", what: "list pods" },
    });
    expect(started.api.requests.map(({ path }) => path)).toEqual(["/api/v1/pods", "/api/v1/namespaces"]);
  });

  test("is forbidden where the credential sees no namespace at all", async () => {
    const started = await start(({ path }) => (path === "/api/v1/namespaces" ? listOf([]) : forbidden));
    expect(await failureOf(listPods(started))).toBe("forbidden/forbidden");
  });

  test("is forbidden where every namespace is", async () => {
    const started = await start((request) =>
      request.path === "/api/v1/namespaces" ? listOf(["a", "b"]) : forbidden,
    );
    expect(await failureOf(listPods(started))).toBe("forbidden/forbidden");
  });

  test("is not asked by namespace for a kind that has none", async () => {
    const { connector, context, api } = await start(inTurn(forbidden));
    const reading = connector.list({ kind: kinds.Node }, () => undefined, context);
    expect(await failureOf(reading)).toBe("forbidden/forbidden");
    expect(api.requests).toHaveLength(1);
  });

  test("fails as a whole where one namespace cannot be read for another reason", async () => {
    const started = await start((request, response) =>
      request.path === "/api/v1/namespaces/closed/pods"
        ? { status: 500, body: "boom" }
        : namespaces(request, response),
    );
    expect(await failureOf(listPods(started))).toBe("server-error/server-failure");
  });

  test("shares the limit of pages among the namespaces", async () => {
    const started = await start(namespaces, { maxPages: 3 });
    const outcome = await listPods(started);
    expect(outcome.missing.map(({ code }) => code)).toContain("truncated");
  });

  test("encodes a namespace's name", async () => {
    const started = await start((request) => {
      if (request.path === "/api/v1/pods") return forbidden;
      return request.path === "/api/v1/namespaces" ? listOf(["a/../../secrets?x=#"]) : listOf(["x"]);
    });
    await listPods(started);
    expect(started.api.requests[2]?.url).toMatch(
      /^\/api\/v1\/namespaces\/a%2F\.\.%2F\.\.%2Fsecrets%3Fx%3D%23\/pods\?/,
    );
  });
});

test("where a server does not serve a kind, the next one is read, and only then", async () => {
  const budgets = { kind: kinds.PodDisruptionBudget, alternatives: [kinds.PodDisruptionBudgetBeta] };
  const old = await start(({ path }) =>
    path.includes("/v1beta1/") ? listOf(["a"]) : readRecording("432-404-group"),
  );
  expect(await old.connector.list(budgets, () => undefined, old.context)).toMatchObject({ objects: 1 });
  const denied = await start(() => readRecording("410-403-nobody-nodes"));
  expect(await failureOf(denied.connector.list(budgets, () => undefined, denied.context))).toBe(
    "forbidden/forbidden",
  );
  expect(denied.api.requests.map(({ path }) => path)).not.toContainEqual(expect.stringContaining("v1beta1"));
  const without = await start(() => readRecording("432-404-group"));
  expect(await failureOf(without.connector.list(budgets, () => undefined, without.context))).toBe(
    "not-served/kind-not-served",
  );
});
