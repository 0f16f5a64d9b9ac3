import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { ask, getList } from "./testing/client.ts";

let cluster: PracticeCluster;

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
});
afterAll(() => cluster.close());

test("every kind that is listed in discovery can be listed by the viewer, but for secrets", async () => {
  type Group = { metadata: { name?: string }; versions: { version: string; resources: Listed[] }[] };
  type Listed = { resource: string; verbs: string[] };
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const refused: string[] = [];
  let listed = 0;
  for (const root of ["/api", "/apis"]) {
    const { body } = await ask(cluster, "viewer", root, { headers: { Accept: accept } });
    for (const { metadata, versions } of (body as { items: Group[] }).items) {
      for (const { version, resources } of versions) {
        for (const { resource } of resources.filter(({ verbs }) => verbs.includes("list"))) {
          const path = [root, metadata.name, version, resource].filter(Boolean).join("/");
          const { status } = await ask(cluster, "viewer", path);
          listed += 1;
          if (status !== 200) refused.push(`${path} ${status}`);
        }
      }
    }
  }
  expect(refused).toEqual(["/api/v1/secrets 403"]);
  expect(listed).toBeGreaterThan(60);
});

test("one autoscaler is shown by two versions, one event by two groups, an Istio object by each of its versions", async () => {
  const uids = async (path: string) =>
    (await getList(cluster, "viewer", path)).items.map(({ metadata }) => metadata.uid);
  const autoscalers = await uids("/apis/autoscaling/v2/horizontalpodautoscalers");
  expect(autoscalers.length).toBeGreaterThan(0);
  expect(await uids("/apis/autoscaling/v1/horizontalpodautoscalers")).toEqual(autoscalers);
  const routes = await getList(cluster, "viewer", "/apis/networking.istio.io/v1beta1/virtualservices");
  expect(routes.items[0]).toMatchObject({
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
  });
  const { status, text } = await ask(cluster, "viewer", "/apis/networking.istio.io/v9/virtualservices");
  expect([status, text]).toEqual([404, "404 page not found\n"]);
});

test("a budget allows one disruption, and none once a pod is gone and the next is not ready", async () => {
  const path = "/apis/policy/v1/namespaces/boutique/poddisruptionbudgets/cart";
  expect((await ask(cluster, "viewer", path)).body).toMatchObject({
    status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
  });
  cluster.store.put("pods", {
    metadata: {
      name: "cart-x",
      namespace: "boutique",
      labels: {
        app: "cart",
        version: "v1",
        "app.kubernetes.io/name": "cart",
        "app.kubernetes.io/part-of": "boutique",
      },
    },
    spec: {},
    status: {},
  });
  expect((await ask(cluster, "viewer", path)).body).toMatchObject({
    status: { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 3 },
  });
  cluster.store.remove("pods", "boutique/cart-x");
});

type Endpoints = { subsets?: { addresses: { ip: string }[] }[] };

test("endpoints follow their pods, and a new pod of the mesh has a proxy again", async () => {
  const path = "/api/v1/namespaces/boutique";
  const addresses = async () => {
    const { body } = await ask(cluster, "viewer", `${path}/endpoints/catalog`);
    return (body as Endpoints).subsets?.[0]?.addresses.map(({ ip }) => ip) ?? [];
  };
  const before = await addresses();
  const pods = (await getList(cluster, "viewer", `${path}/pods`)).items;
  const name = pods.find(({ metadata }) => metadata.name.startsWith("catalog-"))?.metadata.name;
  await ask(cluster, "admin", `${path}/pods/${name}`, { method: "DELETE" });
  const after = await addresses();
  expect(after).toHaveLength(2);
  expect(after).not.toEqual(before);
  const known = pods.map(({ metadata }) => metadata.name);
  const fresh = (await getList(cluster, "viewer", `${path}/pods`)).items.find(
    ({ metadata }) => !known.includes(metadata.name),
  );
  expect(fresh?.spec).toMatchObject({ initContainers: [{ name: "istio-init" }, { name: "istio-proxy" }] });
});

test("the metrics server tells of every running container, within its limits", async () => {
  const { items } = await getList(cluster, "viewer", "/apis/metrics.k8s.io/v1beta1/pods");
  const pods = (await getList(cluster, "viewer", "/api/v1/pods")).items;
  const running = pods.filter(({ status }) => (status as { phase: string }).phase === "Running");
  expect(items).toHaveLength(running.length);
  const nodes = await getList(cluster, "viewer", "/apis/metrics.k8s.io/v1beta1/nodes");
  expect(nodes.items).toHaveLength(6);
  for (const { containers } of items) {
    for (const { usage } of containers as { usage: unknown }[]) {
      expect(usage).toEqual({
        cpu: expect.stringMatching(/^\d+n$/),
        memory: expect.stringMatching(/^\d+Ki$/),
      });
    }
  }
});

test("what the mesh's own programs answer through the API server", async () => {
  const pods = (await getList(cluster, "admin", "/api/v1/namespaces/istio-system/pods")).items;
  const name = pods.find(({ metadata }) => metadata.labels?.app === "istiod")?.metadata.name;
  const base = "/api/v1/namespaces/istio-system/pods";
  const { body } = await ask(cluster, "admin", `${base}/${name}:15014/proxy/debug/syncz`);
  const proxies = body as { proxy_type: string; cluster_sent: string; cluster_acked: string }[];
  expect(proxies.map(({ proxy_type }) => proxy_type)).toEqual(expect.arrayContaining(["router", "sidecar"]));
  expect(proxies.every(({ cluster_sent, cluster_acked }) => cluster_sent === cluster_acked)).toBe(true);
});

test("leases and heart-beats are of the present", async () => {
  const { items } = await getList(cluster, "viewer", "/apis/coordination.k8s.io/v1/leases");
  for (const { spec } of items) {
    const { renewTime } = spec as { renewTime: string };
    expect(Math.abs(Date.now() - Date.parse(renewTime))).toBeLessThan(30_000);
  }
});

test("answers say which queue they went through, by the uid of a flow schema that exists", async () => {
  const schemas = await getList(cluster, "viewer", "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas");
  const named = (uid: unknown) => schemas.items.find(({ metadata }) => metadata.uid === uid)?.metadata.name;
  const of = async (user: "admin" | "viewer") =>
    named((await ask(cluster, user, "/version")).headers["x-kubernetes-pf-flowschema-uid"]);
  expect([await of("admin"), await of("viewer")]).toEqual(["exempt", "global-default"]);
});
