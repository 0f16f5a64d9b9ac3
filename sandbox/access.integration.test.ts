import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAuthority, createClientCertificate } from "./certificates.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { type As, ask } from "./testing/client.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
});
afterEach(() => {
  for (const user of ["viewer", "restricted"] as const) cluster.grantAgain(user);
});
afterAll(() => cluster.close());

const get = async (as: As, path: string) => (await ask(cluster, as, path)).status;
const pods = "/api/v1/pods";
const podsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

const readable = [
  "/api/v1/pods",
  "/api/v1/nodes",
  "/api/v1/namespaces",
  "/api/v1/services",
  "/api/v1/configmaps",
  "/api/v1/events",
  "/api/v1/endpoints",
  "/apis/apps/v1/deployments",
  "/apis/apps/v1/replicasets",
  "/apis/apps/v1/statefulsets",
  "/apis/apps/v1/daemonsets",
  "/apis/batch/v1/jobs",
  "/apis/batch/v1/cronjobs",
];

test.each(readable)("%s: viewer and admin read it, nobody does not", async (path) => {
  const answers = await Promise.all([get("viewer", path), get("admin", path), get("nobody", path)]);
  expect(answers).toEqual([200, 200, 403]);
});

test("viewer reads no secrets and changes nothing", async () => {
  expect(await get("viewer", "/api/v1/secrets")).toBe(403);
  for (const method of ["DELETE", "PATCH", "PUT"]) {
    const { status } = await ask(cluster, "viewer", `${podsOf("payments")}/x`, { method, body: {} });
    expect([method, status]).toEqual([method, 403]);
  }
  expect((await ask(cluster, "viewer", podsOf("payments"), { method: "POST", body: {} })).status).toBe(403);
});

test("restricted lists namespaces, and pods in two of them only", async () => {
  const paths = ["/api/v1/namespaces", podsOf("payments"), podsOf("checkout"), podsOf("search"), pods];
  const answers = await Promise.all(paths.map((path) => get("restricted", path)));
  expect(answers).toEqual([200, 200, 200, 403, 403]);
});

test("anonymous: version and health, nothing else", async () => {
  const paths = ["/version", "/livez", "/readyz", "/healthz", "/api", "/apis", pods];
  expect(await Promise.all(paths.map((path) => get("anonymous", path)))).toEqual([
    200, 200, 200, 200, 403, 403, 403,
  ]);
});

test("a wrong token is a 401, even where no credential is needed", async () => {
  for (const path of ["/version", pods]) expect(await get({ token: "wrong" }, path)).toBe(401);
  const basic = await ask(cluster, "anonymous", pods, { headers: { Authorization: "Basic dmlld2VyOng=" } });
  expect(basic.status).toBe(401);
});

test("the client certificate is the administrator and outranks a wrong token; one of another authority is a 401", async () => {
  const headers = { Authorization: "Bearer wrong" };
  expect((await ask(cluster, "adminCertificate", pods, { headers })).status).toBe(200);
  const foreign = await createClientCertificate(await createAuthority(), "admin", "system:masters");
  const kubeconfig = { ...cluster.kubeconfig };
  kubeconfig.adminCertificate = kubeconfigFor(cluster.url, cluster.caPem, "admin", { certificate: foreign });
  expect((await ask({ ...cluster, kubeconfig }, "adminCertificate", "/version")).status).toBe(401);
});

test("a right that is taken away is gone for this user only, and comes back", async () => {
  cluster.revoke("viewer", { verb: "list", group: "", resource: "pods" });
  expect(await get("viewer", pods)).toBe(403);
  expect(await get("viewer", podsOf("payments"))).toBe(403);
  expect(await get("viewer", "/api/v1/nodes")).toBe(200);
  expect(await get("admin", pods)).toBe(200);
  cluster.grantAgain("viewer");
  expect(await get("viewer", pods)).toBe(200);
});

test("taken away in one namespace, it is gone there and for the whole cluster, not elsewhere", async () => {
  cluster.revoke("viewer", { verb: "list", group: "", resource: "pods", namespace: "payments" });
  const answers = await Promise.all(
    [pods, podsOf("payments"), podsOf("search")].map((path) => get("viewer", path)),
  );
  expect(answers).toEqual([403, 403, 200]);
});

test("reviews agree with what happens", async () => {
  cluster.revoke("viewer", { verb: "list", group: "apps", resource: "deployments" });
  const mayI = async (as: As, resourceAttributes: Record<string, string>) => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const { body } = await ask(cluster, as, path, { method: "POST", body: { spec: { resourceAttributes } } });
    return (body as { status: { allowed: boolean } }).status.allowed;
  };
  expect(await mayI("viewer", { verb: "list", group: "apps", resource: "deployments" })).toBe(false);
  expect(await mayI("viewer", { verb: "list", group: "apps", resource: "replicasets" })).toBe(true);
  expect(await mayI("restricted", { verb: "list", resource: "pods", namespace: "payments" })).toBe(true);
  expect(await mayI("restricted", { verb: "list", resource: "pods" })).toBe(false);
  const rules = await ask(cluster, "viewer", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
    method: "POST",
    body: { spec: { namespace: "payments" } },
  });
  const { resourceRules } = (
    rules.body as { status: { resourceRules: { resources: string[]; verbs: string[] }[] } }
  ).status;
  expect(resourceRules.find(({ resources }) => resources.includes("deployments"))?.verbs).toEqual([
    "get",
    "watch",
  ]);
  expect(resourceRules.find(({ resources }) => resources.includes("replicasets"))?.verbs).toContain("list");
});

test("the cluster says that it is for practice", async () => {
  const version = (await ask(cluster, "anonymous", "/version")).body;
  const system = (await ask(cluster, "viewer", "/api/v1/namespaces/kube-system")).body;
  expect(version).toMatchObject({ gitVersion: "v1.33.13+practice" });
  expect(system).toMatchObject({ metadata: { labels: { "weekbook.dev/practice": "true" } } });
});
