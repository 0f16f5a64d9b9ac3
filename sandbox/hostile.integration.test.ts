import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList } from "./testing/client.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
});
afterAll(async () => {
  expect((await ask(cluster, "viewer", "/api/v1/pods")).status).toBe(200);
  await cluster.close();
});

const pods = "/api/v1/namespaces/payments/pods";

test.each([
  ["/api/v1/namespaces/%zz/pods", 400],
  ["/api//pods", 404],
  ["/apis/apps", 200],
  ["/apis/apps/v1/namespaces", 404],
  ["/api/v1/namespaces/payments/nodes", 404],
  ["/api/v1/pods/name", 404],
  [`${pods}?limit=10&continue=e30`, 400],
  [`${pods}?limit=10&continue=bnVsbA`, 400],
  [`${pods}?labelSelector=${"a".repeat(8_000)}`, 200],
])("GET %s: %i", async (path, status) => {
  expect((await ask(cluster, "admin", path)).status).toBe(status);
});

test.each([
  ["no containers", { spec: {} }, "spec.containers"],
  ["no image", { spec: { containers: [{ name: "a" }] } }, "spec.containers[0].image"],
  ["containers of another type", { spec: { containers: "a" } }, "spec.containers"],
])("a pod with %s is refused", async (_, body, field) => {
  const reply = await ask(cluster, "admin", pods, {
    method: "POST",
    body: { metadata: { name: "x" }, ...body },
  });
  expect(reply.status).toBe(422);
  expect(reply.body).toMatchObject({ details: { causes: [{ reason: "FieldValueRequired", field }] } });
});

test("a pod template that cannot be built is refused before anything is changed", async () => {
  const path = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
  const headers = { "Content-Type": "application/merge-patch+json" };
  const body = { spec: { template: { spec: { containers: [{ name: "x" }] } } } };
  const before = (await ask(cluster, "admin", path)).body;
  expect((await ask(cluster, "admin", path, { method: "PATCH", headers, body })).status).toBe(422);
  expect((await ask(cluster, "admin", path)).body).toEqual(before);
});

test("a pod that was created runs after the next change, also without resources", async () => {
  const container = { name: "a", image: "a:1" };
  const reply = await ask(cluster, "admin", pods, {
    method: "POST",
    body: { metadata: { name: "plain" }, spec: { containers: [container] } },
  });
  expect(reply.status).toBe(201);
  const [other] = (await getList(cluster, "admin", "/api/v1/namespaces/search/pods")).items;
  const path = `/api/v1/namespaces/search/pods/${other?.metadata.name}`;
  expect((await ask(cluster, "admin", path, { method: "DELETE" })).status).toBe(200);
  expect((await ask(cluster, "admin", `${pods}/plain`)).body).toMatchObject({
    spec: { containers: [container] },
    status: { phase: "Running", qosClass: "BestEffort" },
  });
});

test("a body over 3 MiB is refused", async () => {
  const body = { metadata: { name: "big" }, data: { a: "x".repeat(3 << 20) } };
  const path = "/api/v1/namespaces/payments/configmaps";
  expect((await ask(cluster, "admin", path, { method: "POST", body })).status).toBe(413);
});
