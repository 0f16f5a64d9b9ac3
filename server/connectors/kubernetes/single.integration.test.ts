import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { failureOf, inTurn, listOf, startScripted } from "#testing/kubernetes-client.ts";
import { type Recording, readRecording, type Script } from "#testing/scripted-api.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";
import { systemClock } from "./clock.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(script: Script, options: Parameters<typeof startScripted>[1] = {}) {
  const started = await startScripted(script, options);
  closers.push(started.close);
  return started;
}
const text = (body: string, status = 200): Recording => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8" },
  body,
});

describe("a path that is no resource", () => {
  const raw = (path: string, keepLines?: string[]) => ({ type: "kubernetes.raw", path, keepLines }) as const;

  test.each(["/version", "/metrics", "/readyz?verbose", "/livez/etcd", "/apis/apps/v1", "/openapi/v3"])(
    "%s is read",
    async (path) => {
      const { connector, context, api } = await start(() => text("fine\n"));
      const { value, missing } = await connector.read(raw(path), context);
      expect(value).toMatchObject({ status: 200, text: "fine\n", truncated: false });
      expect(missing).toEqual([]);
      expect(api.requests[0]?.url).toBe(path);
    },
  );

  test.each([
    "/api/v1/secrets",
    "/api/v1/namespaces/kube-system/secrets/a",
    "/apis/apps/v1/deployments",
    "/logs/kube-apiserver.log",
    "/debug/pprof/heap",
    "/livez/../api/v1/secrets",
    "/livez/%2e%2e/api",
    "/openapi/v3/../../api",
    "/metrics?x=1",
    "metrics",
    "//metrics",
  ])("%s is never asked for", async (path) => {
    const { connector, context, api } = await start(() => text("secret"));
    expect(await failureOf(connector.read(raw(path), context))).toBe("internal/path-not-allowed");
    expect(api.requests).toEqual([]);
  });

  test("of long answers only the wanted lines are kept", async () => {
    const metrics = '# HELP a\na 1\nab{c="d"} 2\nb 3\na 4';
    const { connector, context } = await start(() => text(metrics));
    const { value } = await connector.read(raw("/metrics", ["a ", "ab{"]), context);
    expect(value.text).toBe('a 1\nab{c="d"} 2\na 4');
  });

  test("an answer over the limit is cut, and says so", async () => {
    const { connector, context } = await start(() => text("x".repeat((16 << 20) + 1)));
    const { value, missing } = await connector.read(raw("/metrics"), context);
    expect(value.text).toHaveLength(16 << 20);
    expect(value.truncated).toBe(true);
    expect(missing).toMatchObject([{ code: "truncated" }]);
  });

  test("a health path that says no is an answer, and asked once", async () => {
    const { connector, context, api } = await start(() => text("[-]etcd failed\nreadyz check failed\n", 500));
    const { value } = await connector.read(raw("/readyz?verbose"), context);
    expect(value).toMatchObject({ status: 500, text: "[-]etcd failed\nreadyz check failed\n" });
    expect(api.requests).toHaveLength(1);
  });

  test("a group that does not answer is an answer; a missing right is not", async () => {
    const dead = await start(() => readRecording("107-apis-group-of-dead-extension-server"));
    const { value } = await dead.connector.read(raw("/apis/metrics.k8s.io/v1beta1"), dead.context);
    expect(value.status).toBe(503);
    const viewer = await start(() => readRecording("142-metrics-viewer"));
    expect(await failureOf(viewer.connector.read(raw("/metrics"), viewer.context))).toBe(
      "forbidden/forbidden",
    );
  });
});

describe("the same of every kubelet", () => {
  const nodes = (path: string) => ({ type: "kubernetes.nodes", path }) as const;
  const byNode =
    (answers: Record<string, Recording>): Script =>
    ({ path }) => {
      if (path === "/api/v1/nodes") return listOf(Object.keys(answers));
      return answers[path.split("/")[4] ?? ""];
    };

  test("each answers for itself; one that is silent is missing", async () => {
    const stopped = readRecording("540-kubelet-stopped");
    const { connector, context, api } = await start(
      byNode({ "node-2": text("two"), "node-1": text("one"), "node-3": stopped }),
    );
    const { value, missing, read } = await connector.read(nodes("metrics/cadvisor"), context);
    expect(value).toEqual([
      { node: "node-1", text: "one" },
      { node: "node-2", text: "two" },
    ]);
    expect(read).toBe(2);
    expect(missing).toMatchObject([{ code: "server-error", what: expect.stringContaining("node-3") }]);
    expect(api.requests).toHaveLength(4);
  });

  test("the nodes are listed once, whatever is asked of them", async () => {
    const { connector, context, api } = await start(byNode({ a: text("x") }));
    await Promise.all([
      connector.read(nodes("metrics/cadvisor"), context),
      connector.read(nodes("stats/summary"), context),
    ]);
    expect(api.requests.filter(({ path }) => path === "/api/v1/nodes")).toHaveLength(1);
  });

  test("whoever lists the nodes anyway lists them for the kubelets too", async () => {
    const { connector, context, api } = await start(byNode({ a: text("x"), b: text("y") }));
    const listed: unknown[] = [];
    const onPage = (items: unknown[]) => void listed.push(...items);
    const own = new AbortController();
    const [, { value }] = await Promise.all([
      connector.list({ kind: kinds.Node }, onPage, { ...context, signal: own.signal }),
      connector.read(nodes("metrics/cadvisor"), context),
    ]);
    expect(listed).toHaveLength(2);
    // A list that is whole stays so, whatever becomes of the read it was made for.
    own.abort();
    await connector.read(nodes("stats/summary"), context);
    expect(value.map(({ node }) => node)).toEqual(["a", "b"]);
    expect(api.requests.filter(({ path }) => path === "/api/v1/nodes")).toHaveLength(1);
  });

  test("a list of some nodes, or one that failed, names nobody for the others", async () => {
    let lists = 0;
    const { connector, context } = await start((request, response) => {
      if (request.path === "/api/v1/nodes") lists += 1;
      if (request.path === "/api/v1/nodes" && lists === 2) return readRecording("410-403-nobody-nodes");
      return byNode({ a: text("x") })(request, response);
    });
    await connector.list({ kind: kinds.Node, labelSelector: "edge=true" }, () => {}, context);
    await expect(connector.list({ kind: kinds.Node }, () => {}, context)).rejects.toThrow();
    expect((await connector.read(nodes("stats/summary"), context)).value).toHaveLength(1);
    expect(lists).toBe(3);
  });

  test("without the right no second kubelet is asked", async () => {
    const denied = readRecording("320-403-metrics-cadvisor-viewer");
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`node-${at}`, denied]));
    const { connector, context, api } = await start(byNode(many));
    expect(await failureOf(connector.read(nodes("metrics/cadvisor"), context))).toBe("forbidden/forbidden");
    expect(api.requests.length).toBeLessThanOrEqual(9);
  });

  test.each(["exec/a/b/c", "run/a", "logs/", "pods/../exec", "containerLogs/a/b/c", "metrics/../run"])(
    "%s is never asked of a kubelet",
    async (path) => {
      const { connector, context, api } = await start(byNode({ a: text("x") }));
      expect(await failureOf(connector.read(nodes(path), context))).toBe("internal/path-not-allowed");
      expect(api.requests).toEqual([]);
    },
  );
});

describe("a pod's port through the API server", () => {
  const proxy = (path: string, port = 8080) =>
    ({ type: "kubernetes.pod-proxy", namespace: "shop", pod: "web-0", port, path }) as const;

  test("whatever the pod says is an answer; what the API server says is not", async () => {
    const { connector, context, api } = await start(inTurn(text("no such page", 404)));
    const { value } = await connector.read(proxy("/metrics?a=b"), context);
    expect(value).toMatchObject({ status: 404, text: "no such page" });
    expect(api.requests[0]?.url).toBe("/api/v1/namespaces/shop/pods/web-0:8080/proxy/metrics?a=b");
    const gone = await start(() => readRecording("430-404-name"));
    expect(await failureOf(gone.connector.read(proxy("/"), gone.context))).toBe("not-found/object-gone");
  });

  test.each(["/../../secrets", "/a/%2e%2e/b", "/a%2f..", "x", "/a b", "//evil"])(
    "%s is never asked for",
    async (path) => {
      const { connector, context, api } = await start(() => text("x"));
      expect(await failureOf(connector.read(proxy(path), context))).toBe("internal/path-not-allowed");
      expect(api.requests).toEqual([]);
    },
  );
});

describe("a log", () => {
  const log = { type: "kubernetes.log", namespace: "demo", pod: "exit3", tailLines: 9_999 } as const;

  test("its end, bounded", async () => {
    const { connector, context, api } = await start(() => readRecording("331-logs-previous"));
    const { value } = await connector.read({ ...log, previous: true, container: "main" }, context);
    expect(value).toEqual({ text: "about to fail\n", truncated: false });
    expect(api.requests[0]?.url).toBe(
      "/api/v1/namespaces/demo/pods/exit3/log?tailLines=500&limitBytes=262144&container=main&previous=true",
    );
  });

  test.each([
    ["a pod without a node", "483-log-unscheduled", "not-found/no-log"],
    ["a container that the runtime has removed", "563-logs-previous-gone", "not-found/no-log"],
    ["no right", "485-403-log", "forbidden/forbidden"],
    ["several containers and none named", "481-400-log-container", "server-error/request-refused"],
  ])("%s", async (_name, recording, failure) => {
    const { connector, context } = await start(() => readRecording(recording));
    expect(await failureOf(connector.read(log, context))).toBe(failure);
  });
});

describe("a watch", () => {
  const watch = (seconds: number) => ({ type: "kubernetes.watch", kind: kinds.Pod, seconds }) as const;
  const lines = (name: string) => (readRecording(name).body as object[]).map((line) => JSON.stringify(line));
  const answer = (response: ServerResponse, events: string[]) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (const line of events) response.write(`${line}\n`);
  };
  const present = {
    status: 200,
    body: { kind: "PodList", metadata: { resourceVersion: "1538" }, items: [] },
  };

  test("begins where the list is, takes every change and no bookmark, and ends with its time", async () => {
    const { connector, context, api } = await start(
      ({ query }, response) => {
        if (!query.has("watch")) return present;
        answer(response, lines("540-watch-bookmark"));
        return undefined;
      },
      { clock: systemClock },
    );
    const { value, missing, read } = await connector.read(watch(1), context);
    expect(value.map(({ type }) => type)).toEqual(["MODIFIED", "ADDED", "MODIFIED", "DELETED", "MODIFIED"]);
    expect(read).toBe(5);
    expect(missing).toEqual([]);
    expect(api.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      { limit: "1" },
      { watch: "1", resourceVersion: "1538", allowWatchBookmarks: "true", timeoutSeconds: "1" },
    ]);
  });

  test("goes on from the newest version where the server ends it early", async () => {
    const versions: (string | null)[] = [];
    const { connector, context } = await start(({ query }, response) => {
      if (!query.has("watch")) return present;
      versions.push(query.get("resourceVersion"));
      if (versions.length > 1) return readRecording("419-403-watch");
      answer(response, ['{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1600"}}}']);
      response.end();
      return undefined;
    });
    expect(await failureOf(connector.read(watch(5), context))).toBe("forbidden/forbidden");
    expect(versions).toEqual(["1538", "1600"]);
  });

  test("an expired version is told, and it begins again", async () => {
    let watches = 0;
    const { connector, context, api } = await start(
      ({ query }, response) => {
        if (!query.has("watch")) return present;
        watches += 1;
        answer(response, watches === 1 ? lines("503-watch-410-error-event") : []);
        if (watches === 1) response.end();
        return undefined;
      },
      { clock: systemClock },
    );
    const { value, missing } = await connector.read(watch(1), context);
    expect(value).toEqual([]);
    expect(missing).toMatchObject([{ code: "changed-while-reading" }]);
    expect(api.requests.map(({ query }) => query.has("watch"))).toEqual([false, true, false, true]);
  });

  test("ends at its limit of events, and says so", async () => {
    const event = '{"type":"MODIFIED","object":{"metadata":{"name":"a","resourceVersion":"2"}}}';
    const { connector, context } = await start(({ query }, response) => {
      if (!query.has("watch")) return present;
      answer(response, [Array.from({ length: 10_001 }, () => event).join("\n")]);
      return undefined;
    });
    const { value, missing } = await connector.read(watch(5), context);
    expect(value).toHaveLength(10_000);
    expect(missing).toMatchObject([{ code: "truncated" }]);
  });

  test("ends at once when it is aborted; a kind that is not served is no reason to fail", async () => {
    const begun = Promise.withResolvers<void>();
    const { connector, context } = await start(({ query }, response) => {
      if (!query.has("watch")) return present;
      answer(response, []);
      response.flushHeaders();
      begun.resolve();
      return undefined;
    });
    const stop = new AbortController();
    const reading = connector.read(watch(60), { ...context, signal: stop.signal });
    await begun.promise;
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    const missing = await start(() => readRecording("549-watch-missing-kind"));
    expect(await failureOf(missing.connector.read(watch(1), missing.context))).toBe(
      "not-served/kind-not-served",
    );
  });
});

describe("who the credential is, and what it may", () => {
  test("by the server's word, in the version it has", async () => {
    const { connector, context, api } = await start(({ path }) =>
      path.includes("/v1beta1/")
        ? readRecording("600-selfsubjectreview-admin")
        : readRecording("432-404-group"),
    );
    const { value } = await connector.read({ type: "kubernetes.identity" }, context);
    expect(value).toMatchObject({ name: "admin", groups: ["system:masters", "system:authenticated"] });
    expect(value).toMatchObject({ method: "token", expiresAt: null, audiences: [] });
    expect(api.requests).toHaveLength(2);
  });

  test("a token that nobody can tell the owner of does not apply", async () => {
    const { connector, context } = await start(() => readRecording("432-404-group"));
    expect(await failureOf(connector.read({ type: "kubernetes.identity" }, context))).toBe(
      "not-served/no-self-review",
    );
  });

  test("a review asks exactly what it was given", async () => {
    const { connector, context, api } = await start(() => readRecording("610-access-allowed"));
    const asked = { verb: "create", group: "", resource: "pods", subresource: "portforward", namespace: "a" };
    const { value } = await connector.read({ type: "kubernetes.review", ...asked }, context);
    expect(value.allowed).toBe(true);
    expect(api.requests[0]?.body).toMatchObject({ spec: { resourceAttributes: asked } });
  });
});

test("nothing is forwarded for a check that only reads", async () => {
  const { connector, context, api } = await start(() => text("x"));
  const forward = { type: "kubernetes.port-forward", namespace: "a", pod: "b", port: 80 } as const;
  const refused = connector.read({ ...forward, send: "", limitSeconds: 1 }, context);
  expect(await failureOf(refused)).toBe("internal/not-active");
  expect(api.requests).toEqual([]);
});
