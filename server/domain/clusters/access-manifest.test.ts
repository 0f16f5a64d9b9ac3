import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kinds, kubernetes } from "#server/checks/needs/kubernetes.ts";
import { type KubernetesKind, optional } from "#server/checks/needs/need.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { fakeCheck } from "#testing/fake-targets.ts";
import { accessManifest } from "./access-manifest.ts";
import { accessPermissions } from "./access-permissions.ts";
import { manifestYaml } from "./manifest-yaml.ts";

const nothing = () => undefined;
const list = (kind: KubernetesKind) => kubernetes.list(kind, nothing);
const node = kubernetes.get(kinds.Node, { name: "a" }, () => null);
const rollouts = fakeCheck("kubernetes/rollouts", {
  deployments: list(kinds.Deployment),
  replicaSets: optional(list(kinds.ReplicaSet)),
  services: optional(list(kinds.Service)),
});
const nodes = fakeCheck("kubernetes/nodes", { nodes: list(kinds.Node), one: node, pods: list(kinds.Pod) });
const pods = fakeCheck("kubernetes/pods", { some: optional(list(kinds.Pod)), all: list(kinds.Pod) });
const services = fakeCheck("kubernetes/services", { services: list(kinds.Service) });

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; nonResourceURLs?: string[] };
type Written = { kind: string; metadata: object; rules?: Rule[] };

function written(yaml: string): Written[] {
  const documents = parseAllDocuments(yaml, { strict: true, version: "1.1" });
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  return documents.map((document) => document.toJS());
}
const rulesOf = (yaml: string) => written(yaml).find(({ kind }) => kind === "ClusterRole")?.rules ?? [];

test("exactly what the checks need, merged, sorted, and the list of namespaces", () => {
  expect(rulesOf(manifestYaml(accessPermissions([rollouts, services, pods, nodes])))).toEqual([
    { apiGroups: [""], resources: ["namespaces", "pods", "services"], verbs: ["list"] },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list"] },
    { apiGroups: ["apps"], resources: ["deployments", "replicasets"], verbs: ["list"] },
  ]);
});

test("what a check can do without says whose it is; what another check requires does not", () => {
  const yaml = manifestYaml(accessPermissions([rollouts, services]));
  expect(yaml).toContain("# optional (list): kubernetes/rollouts\n      - replicasets\n");
  expect(yaml).toMatch(/^ {6}# to name the namespaces .*\n {6}- namespaces\n {6}- services$/m);
});

test("the same need, optional and required in one check, is required", () => {
  const [namespaces, listPods] = accessPermissions([pods]);
  expect(namespaces).toMatchObject({ resource: "namespaces", requiredBy: [], optionalFor: [] });
  expect(listPods).toMatchObject({ requiredBy: ["kubernetes/pods"], optionalFor: [] });
});

test("of the library: reading only, no secrets, no wildcards, nothing else that could be used", async () => {
  const { manifest } = await accessManifest({ input: {} });
  expect(written(manifest).map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ["Namespace", { name: "weekbook" }],
    ["ServiceAccount", { name: "weekbook-reader", namespace: "weekbook" }],
    ["ClusterRole", { name: "weekbook-reader" }],
    ["ClusterRoleBinding", { name: "weekbook-reader" }],
  ]);
  const rules = rulesOf(manifest);
  expect(rules.length).toBeGreaterThan(1);
  for (const rule of rules) {
    expect(["get", "list", "watch"]).toEqual(expect.arrayContaining(rule.verbs));
    if (rule.nonResourceURLs) {
      expect(Object.keys(rule).sort()).toEqual(["nonResourceURLs", "verbs"]);
      for (const path of rule.nonResourceURLs) expect(path).toMatch(/^\/[a-z0-9/.-]+$/);
      continue;
    }
    expect(Object.keys(rule).sort()).toEqual(["apiGroups", "resources", "verbs"]);
    expect(rule.resources).not.toContain("secrets");
    for (const resource of rule.resources) expect(resource).toMatch(/^[a-z]+$/);
    for (const group of rule.apiGroups) expect(group).toMatch(/^([a-z.]+[a-z0-9.]*)?$/);
  }
  expect(manifest).toMatch(/^# +kubectl create token weekbook-reader --namespace weekbook --duration=\d+h$/m);
});

test("by default all Kubernetes checks; otherwise those that were named; a name nobody knows is refused", async () => {
  const named = async (ids?: string[]) => {
    const { permissions } = await accessManifest({ input: { checks: ids } });
    return [...new Set(permissions.flatMap((each) => [...each.requiredBy, ...each.optionalFor]))].sort();
  };
  expect(await named()).toEqual(
    checks.filter(({ target, effect }) => target === "kubernetes" && effect === "read").map(({ id }) => id),
  );
  expect(await named(["kubernetes/duplicate-pod-ip"])).toEqual(["kubernetes/duplicate-pod-ip"]);
  await expect(named(["kubernetes/duplicate-pod-ip", "moon"])).rejects.toMatchObject({
    code: "invalid",
    fields: { "checks.1": "check-unknown" },
  });
});

const beyondLists = fakeCheck("kubernetes/beyond-lists", {
  metrics: kubernetes.raw({ path: "/metrics" }),
  ready: kubernetes.raw({ path: "/readyz?verbose" }),
  log: kubernetes.log({ namespace: "a", pod: "b", tailLines: 10 }),
  changes: kubernetes.watch({ kind: kinds.Service, seconds: 5 }),
  kubelets: optional(kubernetes.nodes({ path: "metrics/cadvisor" })),
  who: kubernetes.identity({}),
});
const forwards = fakeCheck("kubernetes/forwards", {
  forward: kubernetes.portForward({ namespace: "a", pod: "b", port: 80, send: "", limitSeconds: 5 }),
});

test("paths, subresources and watches have their rules; what is more than reading is left out, and named", () => {
  const yaml = manifestYaml(accessPermissions([beyondLists]));
  expect(rulesOf(yaml)).toEqual([
    { nonResourceURLs: ["/metrics", "/readyz"], verbs: ["get"] },
    { apiGroups: [""], resources: ["namespaces", "nodes"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["services"], verbs: ["list", "watch"] },
  ]);
  expect(yaml).toContain("# Left out, as it is more than reading: get nodes/proxy.\n");
});

test("what a check cannot do without is granted even so, and said to be more than reading", () => {
  const yaml = manifestYaml(accessPermissions([forwards]));
  expect(rulesOf(yaml)).toContainEqual({
    apiGroups: [""],
    resources: ["pods/portforward"],
    verbs: ["create", "get"],
  });
  expect(yaml).toContain("# More than reading: create pods/portforward, get pods/portforward.\n");
  expect(yaml).not.toContain("it changes nothing");
});
