import { expect, test } from "vitest";
import { flowOf, worldOf } from "./istio-flow.ts";
import { breaksOf } from "./istio-flow-findings.ts";
import { meshRegistry, pickMeshPod, pickMeshService } from "./istio-registry.ts";
import { pickDestinationRule, pickGateway, pickVirtualService } from "./istio-routing.ts";

type Spec = Record<string, unknown>;
const at = (namespace: string, name: string, creationTimestamp = "2026-01-01T00:00:00Z") => ({
  namespace,
  name,
  creationTimestamp,
});
const route = (host: string, more: Spec = {}) => [{ route: [{ destination: { host, ...more } }] }];
const virtualService = (namespace: string, name: string, spec: Spec, created?: string) =>
  pickVirtualService({ metadata: at(namespace, name, created), spec });

const service = (namespace: string, name: string, ports: number[]) =>
  pickMeshService({
    metadata: at(namespace, name),
    spec: { selector: { app: name }, ports: ports.map((port) => ({ port })) },
  });
const pod = (namespace: string, app: string) =>
  pickMeshPod({
    metadata: { ...at(namespace, app), labels: { app } },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  }) ?? [];

const facts = {
  services: [service("shop", "cart", [80]), service("shop", "two", [8080, 9090])],
  pods: [pod("shop", "cart"), pod("shop", "two"), pod("edge", "door")].flat(),
  serviceEntries: [],
  mesh: [],
  destinationRules: [
    pickDestinationRule({
      metadata: at("shop", "cart"),
      spec: { host: "cart", subsets: [{ name: "all" }] },
    }),
    pickDestinationRule({ metadata: at("edge", "own"), spec: { host: "cart.shop.svc.cluster.local" } }),
  ],
};
const door = pickGateway({
  metadata: at("edge", "door"),
  spec: { selector: { app: "door" }, servers: [{ hosts: ["*"], port: { number: 8080 } }] },
});

/** What is broken about the first of these, in the presence of the others. */
function codes(...all: ReturnType<typeof virtualService>[]): string[] {
  const [first] = all;
  if (!first) return [];
  return breaksOf(flowOf(first, worldOf(meshRegistry(facts), [door], all))).map(({ code }) => code);
}

test("a caller's rule hides the subsets of the right one: from its namespace only", () => {
  const spec = { hosts: ["x.test"], gateways: ["edge/door"], http: route("cart", { subset: "all" }) };
  expect(codes(virtualService("shop", "outside", spec))).toEqual(["missing-subset"]);
  expect(codes(virtualService("shop", "inside", { ...spec, gateways: [] }))).toEqual([]);
});

test("without a port the listener's is taken, where the Service has it", () => {
  const spec = { hosts: ["x.test"], gateways: ["edge/door"], http: route("two") };
  expect(codes(virtualService("shop", "a", spec))).toEqual([]);
  expect(codes(virtualService("shop", "a", { hosts: ["two"], http: route("two") }))).toEqual([]);
  expect(codes(virtualService("shop", "a", { hosts: ["cart"], http: route("two") }))).toEqual([
    "port-not-chosen",
  ]);
});

test("the older of two in the mesh is followed, unless the other is private", () => {
  const spec = { hosts: ["cart"], http: route("cart") };
  const older = virtualService("shop", "older", spec, "2025-01-01T00:00:00Z");
  expect(codes(virtualService("shop", "younger", spec), older)).toEqual(["ignored-by-older"]);
  expect(codes(older, virtualService("shop", "younger", spec))).toEqual([]);
  expect(codes(virtualService("shop", "own", { ...spec, exportTo: ["."] }), older)).toEqual([]);
  const far = { ...spec, hosts: ["cart.shop.svc.cluster.local"], http: route("cart.shop.svc.cluster.local") };
  expect(codes(virtualService("team", "far", { ...far, exportTo: ["team"] }), older)).toEqual([
    "ignored-by-older",
  ]);
  expect(codes(virtualService("shop", "door", { ...spec, gateways: ["edge/door"] }), older)).toEqual([]);
});

test("a delegate's short names are those of its own namespace", () => {
  const root = virtualService("edge", "root", {
    hosts: ["x.test"],
    gateways: ["door"],
    http: [{ delegate: { name: "part", namespace: "shop" } }],
  });
  const part = (host: string) => virtualService("shop", "part", { http: route(host) });
  expect(codes(root, part("cart"))).toEqual([]);
  expect(codes(root, part("gone"))).toEqual(["missing-destination"]);
  expect(codes(root)).toEqual(["missing-delegate"]);
});

test("a gateway in another namespace must see the route", () => {
  const spec = { hosts: ["x.test"], gateways: ["edge/door"], http: route("cart") };
  expect(codes(virtualService("shop", "a", { ...spec, exportTo: ["."] }))).toEqual(["not-exported"]);
  expect(codes(virtualService("shop", "a", { ...spec, exportTo: [".", "edge"] }))).toEqual([]);
});
