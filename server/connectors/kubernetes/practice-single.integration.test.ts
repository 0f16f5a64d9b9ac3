import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { connectorTo, countingMeter, failureOf } from "#testing/kubernetes-client.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";
import type { KubernetesConnector } from "../connector.ts";
import { readKubeconfigContext } from "./kubeconfig.ts";

type Pod = {
  metadata: { name: string; namespace: string };
  spec: { nodeName?: string; containers: { name: string; ports?: { containerPort: number }[] }[] };
};

let cluster: PracticeCluster;
let running: Pod;
let port: number;
const open: KubernetesConnector[] = [];
beforeAll(async () => {
  cluster = await startPracticeCluster({ pods: 80, nodes: 5, faults: ["container-exit-codes"] });
  const pods = [...cluster.store.of("pods").walk("", "", cluster.store.revision)];
  for (const [, object] of pods) {
    const pod = object as unknown as Pod;
    const [first, second] = pod.spec.containers;
    const found = first?.ports?.[0]?.containerPort;
    if (!pod.spec.nodeName || second || found === undefined) continue;
    [running, port] = [pod, found];
    break;
  }
});
afterAll(async () => {
  for (const connector of open) await connector.close();
  await cluster.close();
});

function connectAs(user: keyof PracticeCluster["kubeconfig"]) {
  const connector = connectorTo(readKubeconfigContext(cluster.kubeconfig[user]));
  open.push(connector);
  const { counts, meter } = countingMeter();
  return { connector, counts, context: { signal: AbortSignal.timeout(30_000), meter } };
}
const at = () => ({ namespace: running.metadata.namespace, pod: running.metadata.name });

test("every kubelet answers whoever may use its proxy, and nobody else", async () => {
  const request = {
    type: "kubernetes.nodes",
    path: "metrics/cadvisor",
    keepLines: ["container_cpu_cfs_periods_total{"],
  } as const;
  const { connector, context } = connectAs("admin");
  const { value, missing } = await connector.read(request, context);
  expect(value).toHaveLength([...cluster.store.of("nodes").walk("", "", cluster.store.revision)].length);
  expect(missing).toEqual([]);
  for (const { text } of value) {
    expect(
      text.split("\n").every((line) => line === "" || line.startsWith("container_cpu_cfs_periods")),
    ).toBe(true);
  }
  expect(value.some(({ text }) => text !== "")).toBe(true);
  const viewer = connectAs("viewer");
  expect(await failureOf(viewer.connector.read(request, viewer.context))).toBe("forbidden/forbidden");
});

test("logs, health and metrics as the rights are", async () => {
  const log = { type: "kubernetes.log", ...at(), tailLines: 3 } as const;
  const viewer = connectAs("viewer");
  const { value } = await viewer.connector.read(log, viewer.context);
  expect(value.text.trim().split("\n")).toHaveLength(3);
  const nobody = connectAs("nobody");
  expect(await failureOf(nobody.connector.read(log, nobody.context))).toBe("forbidden/forbidden");
  const metrics = { type: "kubernetes.raw", path: "/metrics" } as const;
  expect(await failureOf(viewer.connector.read(metrics, viewer.context))).toBe("forbidden/forbidden");
  const admin = connectAs("admin");
  const read = await admin.connector.read(metrics, admin.context);
  expect(read.value.text).toContain("apiserver_flowcontrol_dispatched_requests_total");
  const ready = { type: "kubernetes.raw", path: "/readyz?verbose" } as const;
  expect((await nobody.connector.read(ready, nobody.context)).value.text).toContain("readyz check passed");
});

test("a pod's port through the API server", async () => {
  const { connector, context } = connectAs("admin");
  const proxied = { type: "kubernetes.pod-proxy", ...at(), port, path: "/healthz" } as const;
  expect((await connector.read(proxied, context)).value).toMatchObject({ status: 200, text: "ok\n" });
  const viewer = connectAs("viewer");
  expect(await failureOf(viewer.connector.read(proxied, viewer.context))).toBe("forbidden/forbidden");
});

test("the same page of every pod a label selects", async () => {
  const { connector, context } = connectAs("admin");
  const page = {
    type: "kubernetes.pods-proxy",
    namespace: "istio-system",
    labelSelector: "app=istiod",
    limit: 10,
    port: 15_014,
    path: "/debug/syncz",
  } as const;
  const { value, missing } = await connector.read(page, context);
  expect(value.map(({ namespace, status }) => [namespace, status])).toEqual([
    ["istio-system", 200],
    ["istio-system", 200],
  ]);
  expect(value[0]?.text).toContain("cluster_acked");
  expect(missing).toEqual([]);
  const sample = await connector.read({ ...page, limit: 1 }, context);
  expect(sample.value).toHaveLength(1);
  expect(sample.missing).toEqual([]);
  const deaf = await connector.read({ ...page, port: 15_099 }, context);
  expect([deaf.value, deaf.missing?.length]).toEqual([[], 2]);
  const viewer = connectAs("viewer");
  expect(await failureOf(viewer.connector.read(page, viewer.context))).toBe("forbidden/forbidden");
  expect(await failureOf(connector.read({ ...page, path: "/debug/../x" }, context))).toContain("internal");
});

test("a watch sees what is done to pods meanwhile, and nothing from before", async () => {
  const { connector, context } = connectAs("viewer");
  const from = cluster.requests.length;
  const watching = connector.read({ type: "kubernetes.watch", kind: kinds.Pod, seconds: 2 }, context);
  const begun = () => cluster.requests.slice(from).some(({ path }) => path === "/api/v1/pods");
  const deadline = AbortSignal.timeout(5_000);
  while (!begun() && !deadline.aborted) await new Promise(setImmediate);
  const { name, namespace } = running.metadata;
  const pod = cluster.store.get("pods", `${namespace}/${name}`);
  if (!pod) throw new Error("the pod is there");
  const copy = { ...pod, metadata: { ...pod.metadata, name: "watched", uid: "w" } };
  cluster.store.put("pods", copy);
  cluster.store.put("pods", { ...copy, metadata: { ...copy.metadata, labels: { a: "b" } } });
  cluster.store.remove("pods", `${namespace}/watched`);
  const { value, missing } = await watching;
  expect(value.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
  expect(value.map(({ object }) => (object as Pod).metadata.name)).toEqual(["watched", "watched", "watched"]);
  expect(missing).toEqual([]);
});

const forward = (rest: object = {}) =>
  ({
    type: "kubernetes.port-forward",
    ...at(),
    port,
    send: "HEAD / HTTP/1.0\r\n\r\n",
    limitSeconds: 5,
    ...rest,
  }) as const;

test("a real forward over a WebSocket: connected, one exchange, closed", async () => {
  const { connector, context } = connectAs("admin");
  const active = { ...context, active: true as const };
  const { value } = await connector.read(forward(), active);
  expect(value).toMatchObject({ refused: null, received: expect.stringContaining("HTTP/1.1 200 OK") });
  expect(value.receivedBytes).toBeGreaterThan(20);
  const closed = await connector.read(forward({ port: 65_000 }), active);
  expect(closed.value).toMatchObject({ receivedBytes: 0, refused: expect.stringContaining("refused") });
});

test("a forward is refused without the right, for no pod, and never tried twice", async () => {
  const viewer = connectAs("viewer");
  const active = { ...viewer.context, active: true as const };
  const from = cluster.requests.length;
  expect(await failureOf(viewer.connector.read(forward(), active))).toBe("forbidden/forbidden");
  expect(cluster.requests.slice(from)).toHaveLength(1);
  const admin = connectAs("admin");
  const gone = admin.connector.read(forward({ pod: "none" }), { ...admin.context, active: true as const });
  expect(await failureOf(gone)).toBe("not-found/object-gone");
});

test("a port that takes the connection and says nothing ends with its time", async () => {
  const { connector, context } = connectAs("admin");
  const silent = forward({ send: "", limitSeconds: 1 });
  const { value } = await connector.read(silent, { ...context, active: true as const });
  expect(value).toMatchObject({ received: "", receivedBytes: 0, refused: null });
});
