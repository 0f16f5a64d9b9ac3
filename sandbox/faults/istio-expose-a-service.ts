import type { ExpectedFinding, Fault } from "./fault.ts";
import { meshHost, meshObject, publicGateway, publicHost, routeResource } from "./mesh-objects.ts";
import { planted } from "./planting.ts";

const namespace = "storefront";
const bare = ["postcards", "greetings"];
const inMesh = "wrapping";

function expected(name: string): ExpectedFinding {
  const subject = { kind: "Deployment", namespace, name };
  return { checkId: "kubernetes/istio-expose-a-service", code: "step-1-proxy", verdict: "warn", subject };
}

function route(name: string) {
  return meshObject(namespace, name, {
    hosts: [publicHost],
    gateways: [publicGateway],
    http: [
      {
        match: [{ uri: { prefix: `/${name}` } }],
        route: [{ destination: { host: meshHost(name, namespace), port: { number: 80 } } }],
      },
    ],
  });
}

/** Limits and ejection, as every destination of the mesh has them. */
function rule(name: string) {
  return meshObject(namespace, name, {
    host: meshHost(name, namespace),
    trafficPolicy: {
      connectionPool: {
        tcp: { maxConnections: 1024 },
        http: { http1MaxPendingRequests: 1024, http2MaxRequests: 1024, maxRetries: 16 },
      },
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: "10s",
        baseEjectionTime: "30s",
        maxEjectionPercent: 50,
      },
    },
  });
}

/** Workloads that the mesh's gateway sends to and that have no proxy. */
export const fault: Fault = {
  id: "istio-expose-a-service",
  plant: () => ({
    workloads: [
      ...bare.map((name) =>
        planted("Deployment", namespace, name, { service: { port: 80, targetPort: 8080, portName: "http" } }),
      ),
      planted("Deployment", namespace, inMesh, {
        service: { port: 80, targetPort: 8080, portName: "http" },
        injected: {},
      }),
    ],
    objects: () =>
      new Map([
        [routeResource, [...bare, inMesh].map(route)],
        ["destinationrules.networking.istio.io", [...bare, inMesh].map(rule)],
      ]),
    expected: bare.map(expected),
    decoys: [
      {
        subject: { kind: "Deployment", namespace, name: inMesh },
        why: "in a namespace that does not ask for it, but its own pods do and have the proxy",
      },
    ],
  }),
  mend(controllers) {
    for (const name of bare) controllers.remove(routeResource, `${namespace}/${name}`);
  },
};
