import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { connectorTo, countingMeter } from "#testing/kubernetes-client.ts";
import type { KubernetesConnector } from "../connector.ts";
import { readKubeconfigContext } from "./kubeconfig.ts";

let cluster: PracticeCluster;
const open: KubernetesConnector[] = [];
beforeAll(async () => {
  cluster = await startPracticeCluster({ pods: 80, nodes: 5, faults: ["container-exit-codes"] });
});
afterAll(async () => {
  for (const connector of open) await connector.close();
  await cluster.close();
});

function connectAs(user: keyof PracticeCluster["kubeconfig"]) {
  const connector = connectorTo(readKubeconfigContext(cluster.kubeconfig[user]));
  open.push(connector);
  const { counts, meter } = countingMeter();
  return { connector, counts, context: { signal: AbortSignal.timeout(60_000), meter } };
}

test("two requests tell every kind with its scope, verbs and short names", async () => {
  const { connector, counts, context } = connectAs("viewer");
  const { value } = await connector.read({ type: "kubernetes.discovery" }, context);
  expect(counts.calls).toBe(2);
  const apps = value.find(({ group, version }) => group === "apps" && version === "v1");
  expect(apps).toMatchObject({ preferred: true, answered: true });
  expect(apps?.resources.find(({ name }) => name === "deployments")).toMatchObject({
    kind: "Deployment",
    namespaced: true,
    shortNames: ["deploy"],
    categories: ["all"],
  });
});

test("a count is what a whole list would hold, and a kind that may not be listed is not counted", async () => {
  const { connector, context } = connectAs("viewer");
  const { value } = await connector.read({ type: "kubernetes.counts", maxKinds: 200 }, context);
  const of = (resource: string) => value.find((each) => each.resource === resource);
  const pods = [...cluster.store.of("pods").walk("", "", cluster.store.revision)].length;
  expect(of("pods")).toMatchObject({ group: "", count: pods, why: null });
  const nodes = [...cluster.store.of("nodes").walk("", "", cluster.store.revision)].length;
  expect(of("nodes")?.count).toBe(nodes);
  expect(of("secrets")).toMatchObject({ count: null, why: "forbidden" });
  const few = await connector.read({ type: "kubernetes.counts", maxKinds: 2 }, context);
  expect(few.value).toHaveLength(value.length);
  expect(few.value.filter(({ why }) => why === "not-asked")).toHaveLength(value.length - 2);
});

test("the issuer of tokens and its keys are read, and nothing beside them", async () => {
  const { connector, context } = connectAs("viewer");
  const read = (path: string) => connector.read({ type: "kubernetes.raw", path }, context);
  const issuer = JSON.parse((await read("/.well-known/openid-configuration")).value.text);
  expect(issuer.issuer).toBe("https://kubernetes.default.svc.cluster.local");
  const { keys } = JSON.parse((await read("/openid/v1/jwks")).value.text);
  expect(keys[0]).toMatchObject({ kty: "EC", use: "sig" });
  await expect(read("/.well-known/other")).rejects.toThrow("path-not-allowed");
});
