import { afterEach, describe, expect, test, vi } from "vitest";
import { failureOf, inTurn, listPods, startScripted } from "#testing/kubernetes-client.ts";
import { readRecording, type Script } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";

const pods = { kind: kinds.Pod };
const page1 = readRecording("210-pods-page-1-limit10");
const lastPage = readRecording("212-pods-last-page-limit10");
const tooMany = readRecording("520-429-apf-reject");

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(...args: Parameters<typeof startScripted>) {
  const started = await startScripted(...args);
  closers.push(started.close);
  return started;
}

type Started = Awaited<ReturnType<typeof start>>;

describe("an answer that asks for patience", () => {
  test("429 is waited out as asked, and counted", async () => {
    const started = await start(inTurn(tooMany, tooMany, lastPage));
    expect(await listPods(started)).toMatchObject({ objects: 2, missing: [] });
    expect(started.counts).toMatchObject({ calls: 3, throttled: 2 });
    expect(started.clock.waitedMs).toEqual([1_000, 1_000]);
  });

  test("429 again and again ends as throttled", async () => {
    const started = await start(inTurn(tooMany));
    expect(await failureOf(listPods(started))).toBe("throttled/too-many-requests");
    expect(started.counts).toMatchObject({ calls: 4, throttled: 4 });
  });

  test("no server makes us wait longer than 15 s at a time", async () => {
    const started = await start(inTurn({ ...tooMany, headers: { "retry-after": "86400" } }, lastPage));
    await listPods(started);
    expect(started.clock.waitedMs).toEqual([15_000]);
  });

  test.each([
    ["503 in plain text", "108-metrics-nodes-of-dead-extension-server", "server-error/service-unavailable"],
    ["504 whose JSON is called text", "530-timeout-1ms", "timed-out/server-timeout"],
  ])("%s is tried again, and ends as an error", async (_name, recording, failure) => {
    const answer = readRecording(recording);
    expect(await listPods(await start(inTurn(answer, lastPage)))).toMatchObject({ objects: 2, missing: [] });
    const started = await start(inTurn(answer));
    expect(await failureOf(listPods(started))).toBe(failure);
    expect(started.api.requests).toHaveLength(4);
  });

  test("holds every other request back too", async () => {
    const waits: (() => void)[] = [];
    const clock = {
      ms: 0,
      nowMs: () => clock.ms,
      wait: () => new Promise<void>((fulfil) => waits.push(fulfil)),
    };
    const started = await start(inTurn(tooMany, lastPage), { clock });
    const first = listPods(started);
    await vi.waitFor(() => expect(waits).toHaveLength(1), { timeout: 30_000 });
    const second = listPods(started);
    await vi.waitFor(() => expect(waits).toHaveLength(2), { timeout: 30_000 });
    expect(started.api.requests).toHaveLength(1);
    clock.ms = 1_000;
    for (const fulfil of waits) fulfil();
    expect(await Promise.all([first, second])).toMatchObject([{ objects: 2 }, { objects: 2 }]);
  });

  test("to a POST is not tried again", async () => {
    const { connector, context, api } = await start(({ path }) =>
      path === "/version" ? readRecording("100-version") : tooMany,
    );
    expect(await failureOf(connector.test(context))).toBe("throttled/too-many-requests");
    expect(api.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });
});

describe("an answer that is no success", () => {
  test.each([
    ["400-401-bad-token", "unauthorized/credential-not-accepted"],
    ["409-403-anonymous", "forbidden/credential-not-sent"],
    ["410-403-nobody-nodes", "forbidden/forbidden"],
    ["432-404-group", "not-served/kind-not-served"],
    ["433-404-old-version", "not-served/kind-not-served"],
  ])("%s is %s, and is not tried again", async (recording, failure) => {
    const { connector, context, api } = await start(inTurn(readRecording(recording)));
    // Core kinds are served by every API server; who answers so to one of them is told as something else.
    const kind = failure.startsWith("not-served") ? kinds.Job : kinds.Node;
    const reading = connector.list({ kind }, () => undefined, context);
    expect(await failureOf(reading)).toBe(failure);
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    [404, "malformed/not-kubernetes"],
    [302, "malformed/redirect"],
    [400, "server-error/request-refused"],
    [500, "server-error/server-failure"],
  ])("a page of another kind of server with %d is %s", async (status, failure) => {
    const headers = { location: "https://elsewhere.test/", "content-type": "text/html" };
    const started = await start(inTurn({ status, headers, body: "<html>hello</html>" }));
    expect(await failureOf(listPods(started))).toBe(failure);
    expect(started.api.requests).toHaveLength(1);
  });

  test("is told on one line, without control characters", async () => {
    const body = `first\nsecond\u001b[31m \u202e${"x".repeat(2_000)}`;
    const error = await listPods(await start(inTurn({ status: 500, body }))).catch((caught) => caught);
    expect(error.reason.detail).toMatch(/^server-failure: first second \[31m x{100,490}$/);
  });
});

describe("one object", () => {
  const get = ({ connector, context }: Started, name = "web-0") =>
    connector.get({ kind: kinds.Pod, namespace: "payments", name }, context);

  test("is read", async () => {
    const started = await start(inTurn({ status: 200, body: { kind: "Pod" } }));
    expect(await get(started, "a/b")).toEqual({ kind: "Pod" });
    expect(started.api.requests[0]?.url).toBe("/api/v1/namespaces/payments/pods/a%2Fb");
  });

  test("that is gone is null; a kind that is not served is an error", async () => {
    expect(await get(await start(inTurn(readRecording("430-404-name"))))).toBeNull();
    for (const name of ["432-404-group", "433-404-old-version"]) {
      expect(await failureOf(get(await start(inTurn(readRecording(name)))))).toBe(
        "not-served/kind-not-served",
      );
    }
  });

  test.each(["", ".", ".."])("called %j is never asked for", async (name) => {
    const started = await start(inTurn(page1));
    await expect(get(started, name)).rejects.toThrow(TypeError);
    expect(started.api.requests).toHaveLength(0);
  });
});

describe("a server that does not answer", () => {
  const hang: Script = () => undefined;

  test("is left within a second of the abort, with its reason", async () => {
    const { connector, counts, api } = await start(hang);
    const stop = new AbortController();
    const meter = { call() {}, bytes() {}, throttled() {} };
    const reading = connector.list(pods, () => undefined, { signal: stop.signal, meter });
    await vi.waitFor(() => expect(api.requests).toHaveLength(1), { timeout: 30_000 });
    const abortedAtMs = performance.now();
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(performance.now() - abortedAtMs).toBeLessThan(5_000);
    expect(counts.throttled).toBe(0);
  });

  test("is left after the request's time", async () => {
    const started = await start(hang, { requestTimeoutMs: 50 });
    expect(await failureOf(listPods(started))).toBe("timed-out/request-timeout");
  });

  test("is left after the request's time where it stops in the middle of a body", async () => {
    const started = await start(
      (_request, response) => {
        response.writeHead(200).write('{"metadata":{},');
        return undefined;
      },
      { requestTimeoutMs: 100 },
    );
    expect(await failureOf(listPods(started))).toBe("timed-out/request-timeout");
  });
});

test("no more requests are in flight than allowed", async () => {
  let inFlight = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const { connector, context } = await start(async () => {
    most = Math.max(most, ++inFlight);
    await gate.promise;
    inFlight -= 1;
    return { status: 200, body: { kind: "Pod" } };
  });
  const reading = Array.from({ length: 12 }, (_, index) =>
    connector.get({ kind: kinds.Pod, namespace: "a", name: `p${index}` }, context),
  );
  await vi.waitFor(() => expect(inFlight).toBe(4), { timeout: 30_000 });
  gate.resolve();
  await Promise.all(reading);
  expect(most).toBe(4);
});

function attributesOf(body: unknown): { resource?: string; subresource?: string } {
  const { spec } = (body ?? {}) as { spec?: { resourceAttributes?: object } };
  return spec?.resourceAttributes ?? {};
}

describe("a test of the connection", () => {
  const reviews: Script = ({ path, body }) => {
    if (path === "/version") return readRecording("100-version");
    if (path.endsWith("/selfsubjectreviews")) return readRecording("600-selfsubjectreview-admin");
    if (path.endsWith("/selfsubjectrulesreviews"))
      return { status: 201, body: { status: { incomplete: true } } };
    const { spec } = body as { spec: { resourceAttributes: { resource: string; verb: string } } };
    const isAllowed = spec.resourceAttributes.resource === "pods" && spec.resourceAttributes.verb === "list";
    return readRecording(isAllowed ? "610-access-allowed" : "611-access-denied");
  };

  test("asks for the rules once, where they are all of it, instead of for each right", async () => {
    const resourceRules = [{ verbs: ["list"], apiGroups: [""], resources: ["pods", "secrets"] }];
    const { connector, context, api } = await start((request, response) =>
      request.path.endsWith("/selfsubjectrulesreviews")
        ? { status: 201, body: { status: { incomplete: false, resourceRules } } }
        : reviews(request, response),
    );
    const asks = ["pods", "nodes"].map((resource) => ({ verb: "list", group: "", resource }));
    const report = await connector.test(context, asks);
    expect(report.permissions.map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(report.beyond).toEqual([{ verb: "list", group: "", resource: "secrets" }]);
    expect(api.requests).toHaveLength(3);
  });

  test("reports version, identity and permissions", async () => {
    const { connector, context, api } = await start(reviews);
    const asks = ["pods", "nodes"].map((resource) => ({ verb: "list", group: "", resource }));
    const report = await connector.test(context, asks);
    expect(report).toMatchObject({
      version: "v1.33.13",
      user: { name: "admin", groups: ["system:masters", "system:authenticated"] },
      broad: false,
    });
    expect(report.latencyMs).toBeGreaterThanOrEqual(0);
    expect(report.permissions.filter(({ allowed }) => allowed)).toEqual([
      { verb: "list", group: "", resource: "pods", allowed: true },
    ]);
    expect(report.permissions).toHaveLength(2);
    const asked = api.requests.filter(({ path }) => path.endsWith("accessreviews"));
    expect(asked.map(({ body }) => body)).toContainEqual({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "*", group: "*", resource: "*" } },
    });
    expect(new Set(api.requests.map(({ method }) => method))).toEqual(new Set(["GET", "POST"]));
  });

  test("says that a credential may do everything", async () => {
    const { connector, context } = await start((request, response) =>
      request.path.endsWith("accessreviews") ? readRecording("615-access-star") : reviews(request, response),
    );
    const beyond = [{ verb: "*", group: "*", resource: "*" }];
    expect(await connector.test(context)).toMatchObject({ broad: true, beyond });
  });

  test("names each power that no check asked for", async () => {
    const { connector, context } = await start((request, response) => {
      const { resource = "", subresource } = attributesOf(request.body);
      const isPower = resource === "secrets" || (resource === "pods" && subresource === "exec");
      if (isPower) return readRecording("610-access-allowed");
      return reviews(request, response);
    });
    const exec = { verb: "create", group: "", resource: "pods/exec" };
    const secrets = { verb: "list", group: "", resource: "secrets" };
    expect(await connector.test(context)).toMatchObject({ broad: true, beyond: [secrets, exec] });
    expect(await connector.test(context, [secrets])).toMatchObject({ broad: true, beyond: [exec] });
  });

  test("does not take a good version for a good credential", async () => {
    const { connector, context } = await start((request, response) =>
      request.path === "/version"
        ? reviews(request, response)
        : readRecording("602-selfsubjectreview-anonymous"),
    );
    expect(await failureOf(connector.test(context))).toBe("forbidden/credential-not-sent");
  });

  test("works with servers that cannot say who we are", async () => {
    const { connector, context } = await start((request, response) =>
      request.path.endsWith("/selfsubjectreviews")
        ? readRecording("432-404-group")
        : reviews(request, response),
    );
    expect((await connector.test(context)).user).toEqual({ name: "", groups: [] });
  });

  test("sees that the other side is no Kubernetes", async () => {
    const { connector, context } = await start(inTurn({ status: 200, body: { hello: "world" } }));
    expect(await failureOf(connector.test(context))).toBe("malformed/not-kubernetes");
  });
});
