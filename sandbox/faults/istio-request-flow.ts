import { meshNamespace } from "../objects/edge-workloads.ts";
import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import {
  gatewayResource,
  meshHost,
  meshObject,
  publicGateway,
  publicHost,
  publicRoute,
  routeResource,
  withRoute,
} from "./mesh-objects.ts";

const partners = { namespace: meshNamespace, name: "partners" };

function expected(code: string, kind: string, name: string, part?: string): ExpectedFinding {
  const subject = { kind, namespace: meshNamespace, name, ...(part !== undefined && { part }) };
  return { checkId: "kubernetes/istio-request-flow", code, verdict: "fail", subject };
}

function routes(): ApiObject[] {
  return [
    publicRoute("promotions", "catalog", { destination: { subset: "v2" } }),
    publicRoute("vouchers", "cart", { destination: { host: `cart.${meshNamespace}` } }),
    publicRoute("gifts", "catalog", { destination: { port: { number: 8080 } } }),
    meshObject(meshNamespace, "outlet", {
      hosts: ["outlet.example.com"],
      gateways: [publicGateway],
      http: [{ route: [{ destination: { host: meshHost("catalog"), port: { number: 80 } } }] }],
    }),
    meshObject(meshNamespace, "cart-canary", {
      hosts: [meshHost("cart")],
      http: [{ route: [{ destination: { host: meshHost("cart"), subset: "v1", port: { number: 80 } } }] }],
    }),
    meshObject(meshNamespace, partners.name, {
      hosts: ["partners.example.com"],
      gateways: [partners.name],
      http: [{ route: [{ destination: { host: meshHost("frontend"), port: { number: 80 } } }] }],
    }),
    {
      ...publicRoute("reviews", "frontend", { destination: { subset: "v1" } }),
      spec: {
        hosts: [publicHost],
        gateways: ["boutique.boutique.svc.cluster.local"],
        exportTo: [".", "istio-system"],
        http: [{ match: [{ uri: { prefix: "/reviews" } }], route: [{ destination: { host: "frontend" } }] }],
      },
    },
  ];
}

/** Names that lead nowhere, each in another object on the way of a request. */
export const fault: Fault = {
  id: "istio-request-flow",
  plant: () => ({
    workloads: [],
    objects: () =>
      new Map([
        [routeResource, routes()],
        [
          gatewayResource,
          [
            meshObject(meshNamespace, partners.name, {
              selector: { istio: "partner-gateway" },
              servers: [
                { hosts: ["partners.example.com"], port: { name: "http", number: 80, protocol: "HTTP" } },
              ],
            }),
          ],
        ],
      ]),
    expected: [
      expected("missing-subset", "VirtualService", "promotions", `${meshHost("catalog")}/v2`),
      expected("missing-destination", "VirtualService", "vouchers", `cart.${meshNamespace}`),
      expected("missing-port", "VirtualService", "gifts", `${meshHost("catalog")}:8080`),
      expected("host-not-on-gateway", "VirtualService", "outlet", "outlet.example.com"),
      expected("ignored-by-older", "VirtualService", "cart-canary", meshHost("cart")),
      expected("gateway-without-pod", "Gateway", partners.name),
    ],
    decoys: [
      {
        subject: { kind: "VirtualService", namespace: meshNamespace, name: "reviews" },
        why: "an old way to name the gateway, a short host, and exported to the gateway's namespace: all of it holds",
      },
    ],
  }),
  mend(controllers) {
    const key = (name: string) => `${meshNamespace}/${name}`;
    const destinationOf = (name: string, service: string) =>
      controllers.edit(routeResource, key(name), (object) =>
        withRoute(object, (route) => ({
          ...route,
          route: [{ destination: { host: meshHost(service), subset: "v1", port: { number: 80 } } }],
        })),
      );
    destinationOf("promotions", "catalog");
    destinationOf("vouchers", "cart");
    destinationOf("gifts", "catalog");
    controllers.remove(routeResource, key("outlet"));
    controllers.remove(routeResource, key("cart-canary"));
    controllers.edit(gatewayResource, key(partners.name), (gateway) => ({
      ...gateway,
      spec: { ...(gateway.spec as object), selector: { istio: "ingressgateway" } },
    }));
  },
};
