import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "#sandbox/practice-cluster.ts";
import { connectorTo, countingMeter, failureOf, listPods } from "#testing/kubernetes-client.ts";
import { kinds } from "../../checks/needs/kubernetes.ts";
import type { KubernetesConnector } from "../connector.ts";
import type { KubernetesConnectorOptions } from "./client.ts";
import { readKubeconfigContext } from "./kubeconfig.ts";

let cluster: PracticeCluster;
const open: KubernetesConnector[] = [];
beforeAll(async () => {
  cluster = await startPracticeCluster({ pods: 3_000, nodes: 60 });
});
afterAll(async () => {
  for (const connector of open) await connector.close();
  await cluster.close();
});

function connectAs(
  user: keyof PracticeCluster["kubeconfig"],
  options: Partial<KubernetesConnectorOptions> = {},
) {
  const connector = connectorTo(readKubeconfigContext(cluster.kubeconfig[user]), options);
  open.push(connector);
  const { counts, meter } = countingMeter();
  return { connector, counts, context: { signal: AbortSignal.timeout(30_000), meter } };
}

test("3,000 pods come whole, each once, in pages of 500", async () => {
  const before = cluster.requests.length;
  const reader = connectAs("viewer", { pageSize: 500 });
  const outcome = await listPods(reader);
  expect(outcome.missing).toEqual([]);
  expect(outcome.objects).toBe(cluster.truth.pods);
  expect(outcome.objects).toBeGreaterThanOrEqual(3_000);
  expect(new Set(outcome.uids).size).toBe(outcome.objects);
  expect(cluster.requests.length - before).toBe(Math.ceil(outcome.objects / 500));
  expect(reader.counts.calls).toBe(Math.ceil(outcome.objects / 500));
});

test("a client certificate reads as much as a token", async () => {
  const outcome = await listPods(connectAs("adminCertificate"));
  expect(outcome).toMatchObject({ objects: cluster.truth.pods, missing: [] });
});

test("who may read two namespaces gets those, and every other by name", async () => {
  const outcome = await listPods(connectAs("restricted", { pageSize: 500 }));
  const open: string[] = [];
  for (const namespace of ["checkout", "payments"]) {
    const what = `list pods in namespace ${namespace}`;
    if (!outcome.missing.some((reason) => reason.what === what)) open.push(namespace);
  }
  expect(open).toEqual(["checkout", "payments"]);
  const { connector, context } = connectAs("viewer");
  const namespaces = await connector.list({ kind: kinds.Namespace }, () => undefined, context);
  expect(outcome.missing).toHaveLength(namespaces.objects - 2);
  expect(new Set(outcome.missing.map(({ code }) => code))).toEqual(new Set(["forbidden"]));
  expect(outcome.objects).toBeGreaterThan(0);
  expect(outcome.objects).toBeLessThan(cluster.truth.pods);
});

test("who may read nothing is forbidden, not shown an empty cluster", async () => {
  expect(await failureOf(listPods(connectAs("nobody")))).toBe("forbidden/forbidden");
});

test("a token that nobody has is not accepted", async () => {
  const access = readKubeconfigContext(cluster.kubeconfig.viewer);
  const connector = connectorTo({ ...access, auth: { type: "token", token: "nobody-has-this" } });
  open.push(connector);
  const context = { signal: AbortSignal.timeout(30_000), meter: countingMeter().meter };
  expect(await failureOf(listPods({ connector, context }))).toBe("unauthorized/credential-not-accepted");
});

test("a list that expires half-way begins again and is complete", async () => {
  const { connector, context } = connectAs("viewer", { pageSize: 500 });
  const uids = new Set<string>();
  let restarts = 0;
  let pages = 0;
  const onPage = (items: unknown[]) => {
    for (const item of items) uids.add((item as { metadata: { uid: string } }).metadata.uid);
    pages += 1;
    if (pages !== 2) return;
    const [pod] = items as Parameters<typeof cluster.store.put>[1][];
    if (pod) cluster.store.put("pods", pod);
    cluster.compact();
  };
  const restarted = () => {
    restarts += 1;
    uids.clear();
  };
  const outcome = await connector.list({ kind: kinds.Pod }, onPage, { ...context, restarted });
  expect(outcome).toEqual({ objects: cluster.truth.pods, missing: [] });
  expect({ restarts, unique: uids.size }).toEqual({ restarts: 1, unique: cluster.truth.pods });
});

const listPodsReview = { verb: "list", group: "", resource: "pods" };

test.each([
  ["viewer", false],
  ["admin", true],
  ["adminCertificate", true],
] as const)("the test of %s says who it is and what it may", async (user, broad) => {
  const { connector, context } = connectAs(user);
  const report = await connector.test(context, [listPodsReview]);
  expect(report.version).toBe(cluster.truth.gitVersion);
  expect(report.broad).toBe(broad);
  expect(report.user.name).not.toBe("");
  expect(report.permissions).toEqual([{ ...listPodsReview, allowed: true }]);
});

test("the test of nobody says that it may nothing", async () => {
  const { connector, context } = connectAs("nobody");
  const report = await connector.test(context, [listPodsReview]);
  expect(report.broad).toBe(false);
  expect(report.permissions).toEqual([{ ...listPodsReview, allowed: false }]);
});
