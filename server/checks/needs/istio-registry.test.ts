import { expect, test } from "vitest";
import { meshRegistry, pickMeshPod, pickMeshService } from "./istio-registry.ts";
import { pickDestinationRule, pickServiceEntry, pickVirtualService } from "./istio-routing.ts";

const pod = (name: string, labels: Record<string, string>, status: "True" | "False" = "True") =>
  pickMeshPod({
    metadata: { namespace: "shop", name, labels },
    spec: { containers: [{ name: "app" }], initContainers: [{ name: "istio-proxy" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status }] },
  }) ?? [];

const rule = (namespace: string, name: string, host: string, exportTo?: string[]) =>
  pickDestinationRule({ metadata: { namespace, name }, spec: { host, exportTo, subsets: [{ name }] } });

const registry = meshRegistry({
  services: [
    pickMeshService({
      metadata: { namespace: "shop", name: "cart" },
      spec: { selector: { app: "cart" }, ports: [{ port: 80 }] },
    }),
  ],
  pods: [pod("a", { app: "cart", version: "v1" }), pod("b", { app: "cart", version: "v2" }, "False")].flat(),
  serviceEntries: [
    pickServiceEntry({
      metadata: { namespace: "edge", name: "out" },
      spec: { hosts: ["*.example.com"], resolution: "STATIC" },
    }),
  ],
  mesh: [],
  destinationRules: [
    rule("shop", "home", "cart"),
    rule("shop", "wide", "*.shop.svc.cluster.local"),
    rule("legacy", "own", "cart.shop.svc.cluster.local"),
    rule("istio-system", "root", "*.local"),
    rule("edge", "private", "*.example.com", ["."]),
  ],
});

const names = (host: string, client: string) => registry.rulesFor(host, client).map(({ name }) => name);
const cart = "cart.shop.svc.cluster.local";

test("a host leads to a Service or an external entry, and cart.shop to nothing", () => {
  expect(registry.target("cart", "shop")).toMatchObject({ kind: "Service", host: cart });
  expect(registry.target(cart, "other")).toMatchObject({ kind: "Service" });
  expect(registry.target("cart.shop", "shop")).toBeNull();
  expect(registry.target("cart", "other")).toBeNull();
  expect(registry.target("api.example.com", "shop")).toMatchObject({
    kind: "ServiceEntry",
    entry: { name: "out", empty: true },
  });
});

test("a caller's own rule goes before the callee's, and both before the root's", () => {
  expect(names(cart, "legacy")).toEqual(["own"]);
  expect(names(cart, "other")).toEqual(["home"]);
  expect(names(cart, "istio-system")).toEqual(["home"]);
  expect(names("stock.shop.svc.cluster.local", "other")).toEqual(["root"]);
  expect(names("api.example.com", "shop")).toEqual([]);
  expect(names("api.example.com", "edge")).toEqual(["private"]);
});

test("a subset narrows the pods of its Service", () => {
  const service = registry.service("shop", "cart");
  if (!service) throw new Error("no cart");
  expect(registry.podsOf(service).map(({ name, ready }) => [name, ready])).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(registry.podsOf(service, { version: "v2" }).map(({ name }) => name)).toEqual(["b"]);
  expect(registry.podsWith({ version: "v1" }).map(({ proxied }) => proxied)).toEqual([true]);
});

test("routes know where they stand and through which gateways they hold", () => {
  const picked = pickVirtualService({
    metadata: { namespace: "shop", name: "cart" },
    spec: {
      hosts: ["cart"],
      http: [
        {
          match: [{ gateways: ["edge/public"] }, { gateways: ["mesh"] }],
          name: "canary",
          delegate: { name: "d" },
        },
        {
          match: [{ gateways: ["mesh"] }, {}],
          route: [{ destination: { host: "cart", port: { number: 80 } } }],
        },
      ],
      tcp: [{ route: [{ destination: { host: "cart", subset: "v1" }, weight: 0 }] }],
    },
  });
  expect(picked.gateways).toEqual(["mesh"]);
  expect(picked.routes).toEqual([
    {
      at: "http[0] canary",
      gateways: ["edge/public", "mesh"],
      delegate: { namespace: "shop", name: "d" },
      destinations: [],
    },
    { at: "http[1]", destinations: [{ host: "cart", port: 80 }] },
    { at: "tcp[0]", destinations: [{ host: "cart", subset: "v1", weight: 0 }] },
  ]);
});

test("objects without a spec are read as empty ones", () => {
  expect(pickVirtualService({ metadata: { name: "half" } }).hosts).toEqual([]);
  expect(pickDestinationRule({}).host).toBe("");
});
