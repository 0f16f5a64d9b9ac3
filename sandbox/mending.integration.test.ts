import { afterEach, beforeEach, expect, test } from "vitest";
import type { PodObject } from "./objects/types.ts";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList } from "./testing/client.ts";

let cluster: PracticeCluster;

beforeEach(async () => {
  cluster = await startPracticeCluster();
});
afterEach(() => cluster.close());

const podsOf = async (path: string) =>
  (await getList(cluster, "admin", path)).items as unknown as PodObject[];
const podsNamed = (namespace: string, app: string) =>
  podsOf(`/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io%2Fname%3D${app}`);

async function write(
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/merge-patch+json",
) {
  const headers: Record<string, string> = body === undefined ? {} : { "Content-Type": contentType };
  const reply = await ask(cluster, "admin", path, { method, headers, ...(body !== undefined && { body }) });
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.body as {
    metadata: { resourceVersion: string; generation: number };
    [field: string]: unknown;
  };
}

async function sharedAddresses(): Promise<string[]> {
  const running = (await podsOf("/api/v1/pods")).filter(
    ({ spec, status }) => !spec.hostNetwork && status.phase === "Running" && status.podIP,
  );
  const holders = Map.groupBy(running, ({ status }) => status.podIP ?? "");
  return [...holders].filter(([, pods]) => pods.length > 1).map(([address]) => address);
}

test("deleting a pod that shares an address replaces it with one that has its own", async () => {
  const [address = "", ...others] = await sharedAddresses();
  expect(others).toHaveLength(1);
  const [first] = await podsOf(`/api/v1/pods?fieldSelector=status.podIP%3D${address},status.phase%3DRunning`);
  const { namespace, name, uid } = first?.metadata ?? {};
  await write("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`);
  expect(await sharedAddresses()).toEqual(others);
  const [replacement] = await podsOf(
    `/api/v1/namespaces/${namespace}/pods?fieldSelector=metadata.name%3D${name}`,
  );
  expect(replacement?.metadata.uid).not.toBe(uid);
  expect(replacement?.status.podIP).toMatch(/^10\.244\./);
});

test("a pod nobody owns is gone for good; with a dry run it stays", async () => {
  const path = "/api/v1/namespaces/checkout/pods/failed-import";
  await write("DELETE", `${path}?dryRun=All`);
  expect((await ask(cluster, "admin", path)).status).toBe(200);
  await write("DELETE", path);
  expect((await ask(cluster, "admin", path)).status).toBe(404);
});

test("a changed pod template is rolled out: new ReplicaSet, new pods with the annotation", async () => {
  const before = await podsNamed("storefront", "pages");
  const annotations = { "kubectl.kubernetes.io/default-container": "app" };
  const path = "/apis/apps/v1/namespaces/storefront/deployments/pages";
  await write("PATCH", path, { spec: { template: { metadata: { annotations } } } });
  const after = await podsNamed("storefront", "pages");
  expect(after).toHaveLength(before.length);
  expect(after.map(({ metadata }) => metadata.annotations)).toEqual(before.map(() => annotations));
  const names = (pods: PodObject[]) => pods.map(({ metadata }) => metadata.name);
  expect(names(after).filter((name) => names(before).includes(name))).toEqual([]);
  const replicaSets = (
    await getList(cluster, "admin", "/apis/apps/v1/namespaces/storefront/replicasets")
  ).items.filter(({ metadata }) => metadata.name.startsWith("pages-"));
  expect(replicaSets.map(({ spec }) => (spec as { replicas: number }).replicas).sort()).toEqual([0, 2]);
  expect((await ask(cluster, "admin", path)).body).toMatchObject({
    metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } },
    status: { replicas: 2, readyReplicas: 2 },
  });
});

test("a StatefulSet's template is rolled out under the same names", async () => {
  const path = "/apis/apps/v1/namespaces/payments/statefulsets/journal";
  const annotations = { "kubectl.kubernetes.io/default-container": "app" };
  await write("PATCH", path, { spec: { template: { metadata: { annotations } } } });
  const pods = await podsNamed("payments", "journal");
  expect(pods.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
    ["journal-0", annotations],
    ["journal-1", annotations],
  ]);
});

test("kubectl set resources: a strategic merge of one container's resources reaches the pods", async () => {
  const path = "/apis/apps/v1/namespaces/checkout/deployments/coupons";
  const containers = [{ name: "app", resources: { requests: { cpu: "100m" } } }];
  await write(
    "PATCH",
    path,
    { spec: { template: { spec: { containers } } } },
    "application/strategic-merge-patch+json",
  );
  for (const { spec } of await podsNamed("checkout", "coupons")) {
    expect(spec.containers[0]?.resources?.requests).toEqual({ cpu: "100m", memory: "64Mi" });
    expect(spec.containers[0]?.image).toContain("registry.example.com");
  }
});

test("scaling down removes the pods that have no node first", async () => {
  const pending = (pods: PodObject[]) => pods.filter(({ status }) => status.phase === "Pending").length;
  expect(pending(await podsNamed("storefront", "edge-gateway"))).toBe(2);
  const path = "/apis/apps/v1/namespaces/storefront/deployments/edge-gateway";
  await write("PATCH", `${path}/scale`, { spec: { replicas: 2 } });
  const after = await podsNamed("storefront", "edge-gateway");
  expect([after.length, pending(after)]).toEqual([2, 0]);
  await write("PATCH", path, { spec: { replicas: 3 } });
  expect(pending(await podsNamed("storefront", "edge-gateway"))).toBe(1);
});

test("a pod that waits for a port gets its node when the holder goes", async () => {
  const path = "/api/v1/namespaces/checkout/pods/label-printer";
  expect((await ask(cluster, "admin", `${path}-2`)).body).toMatchObject({
    status: {
      phase: "Pending",
      conditions: [
        { type: "PodScheduled", reason: "Unschedulable", message: expect.stringContaining("free ports") },
      ],
    },
  });
  await write("DELETE", `${path}-1`);
  expect((await ask(cluster, "admin", `${path}-2`)).body).toMatchObject({
    spec: { nodeName: "practice-worker-01" },
    status: { phase: "Running", podIP: expect.stringMatching(/^10\.244\.1\./) },
  });
});

test("a restarted pod has no history of failures, and its Deployment is available again", async () => {
  const ended = ({ status }: PodObject) => status.containerStatuses?.[0]?.lastState.terminated?.reason;
  const pods = await podsNamed("payments", "invoice-render");
  const pod = pods.find((one) => ended(one) === "OOMKilled");
  expect(pods).toHaveLength(2);
  await write("DELETE", `/api/v1/namespaces/payments/pods/${pod?.metadata.name}`);
  for (const { status } of await podsNamed("payments", "invoice-render")) {
    expect(status.containerStatuses?.[0]).toMatchObject({ restartCount: 0, lastState: {}, ready: true });
  }
  const deployment = await ask(
    cluster,
    "admin",
    "/apis/apps/v1/namespaces/payments/deployments/invoice-render",
  );
  expect(deployment.body).toMatchObject({ status: { readyReplicas: 2 } });
});

test("deleting a Deployment takes its ReplicaSet and pods along", async () => {
  await write("DELETE", "/apis/apps/v1/namespaces/search/deployments/node-agent-old");
  expect(await podsNamed("search", "node-agent-old")).toEqual([]);
  const replicaSets = (await getList(cluster, "admin", "/apis/apps/v1/namespaces/search/replicasets")).items;
  expect(replicaSets.filter(({ metadata }) => metadata.name.startsWith("node-agent-old-"))).toEqual([]);
});

test("what only the server may set stays; a pod's spec does not change; a stale version is a conflict", async () => {
  const path = "/api/v1/namespaces/payments/pods/ledger-0";
  const before = (await ask(cluster, "admin", path)).body as unknown as PodObject;
  const patched = await write("PATCH", path, {
    metadata: { uid: "x", name: "y", annotations: { note: "seen" } },
  });
  expect(patched.metadata).toMatchObject({
    name: "ledger-0",
    uid: before.metadata.uid,
    annotations: { note: "seen" },
  });
  const headers = { "Content-Type": "application/merge-patch+json" };
  const send = (body: unknown) => ask(cluster, "admin", path, { method: "PATCH", headers, body });
  expect((await send({ spec: { hostNetwork: true } })).status).toBe(422);
  expect((await send({ metadata: { resourceVersion: before.metadata.resourceVersion } })).status).toBe(409);
});

test("mend does what a person would do, and its findings leave the truth", async () => {
  cluster.mend("duplicate-pod-ip");
  expect(await sharedAddresses()).toEqual([]);
  expect(cluster.truth.faults.map(({ id }) => id)).not.toContain("duplicate-pod-ip");
  expect(() => cluster.mend("duplicate-pod-ip-2")).toThrow("is not planted");
});
