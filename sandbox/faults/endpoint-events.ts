import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault, Planted } from "./fault.ts";
import { planted } from "./planting.ts";

const service = { port: 80, targetPort: 8080 };
const misspelt = ["storefront", "size-guide"] as const;
const misnamed = ["logistics", "parcel-labels"] as const;
const orphan = { namespace: "payments", name: "refunds-x7k2p", service: "refunds" };
const idle = ["storefront", "winter-sale"] as const;
const slices = "endpointslices.discovery.k8s.io";

function expected(
  code: string,
  verdict: "warn" | "fail",
  kind: string,
  [namespace, name]: readonly [string, string],
): ExpectedFinding {
  return { checkId: "kubernetes/endpoint-events", code, verdict, subject: { kind, namespace, name } };
}

type Ports = { spec: { ports: Record<string, unknown>[] } };

function withTargetPort(object: ApiObject, targetPort: number | string): ApiObject {
  const { spec } = object as unknown as Ports;
  return { ...object, spec: { ...spec, ports: spec.ports.map((port) => ({ ...port, targetPort })) } };
}

/** A selector with a typing error, a port of another name, and addresses that outlived their Service. */
export const fault: Fault = {
  id: "endpoint-events",
  plant: (): Planted => ({
    workloads: [
      planted("Deployment", ...misspelt, {
        service: { ...service, selector: { "app.kubernetes.io/name": "sizeguide" } },
      }),
      planted("Deployment", ...misnamed, { service }),
      planted("Deployment", ...idle, { replicas: 0, service }),
    ],
    objects: () =>
      new Map([
        [
          slices,
          [
            {
              metadata: {
                ...{ namespace: orphan.namespace, name: orphan.name, generation: 1 },
                creationTimestamp: "2025-06-02T09:00:00Z",
                labels: { "kubernetes.io/service-name": orphan.service },
              },
              ...{ addressType: "IPv4", ports: [{ name: "http", port: 8080, protocol: "TCP" }] },
              endpoints: [{ addresses: ["10.200.0.99"], conditions: { ready: true } }],
            },
          ],
        ],
      ]),
    changes: [
      { resource: "services", key: misnamed.join("/"), edit: (object) => withTargetPort(object, "web") },
    ],
    expected: [
      expected("no-pods", "warn", "Service", misspelt),
      expected("no-such-port", "fail", "Service", misnamed),
      expected("slice-without-service", "warn", "EndpointSlice", [orphan.namespace, orphan.name]),
    ],
    decoys: [
      {
        subject: { kind: "Service", namespace: idle[0], name: idle[1] },
        why: "its Deployment is scaled to zero on purpose",
      },
    ],
  }),
  mend(controllers) {
    controllers.edit("services", misspelt.join("/"), (object) => ({
      ...object,
      spec: {
        ...(object.spec as object),
        selector: { "app.kubernetes.io/name": misspelt[1], "app.kubernetes.io/part-of": misspelt[0] },
      },
    }));
    controllers.edit("services", misnamed.join("/"), (object) => withTargetPort(object, "http"));
    controllers.remove(slices, `${orphan.namespace}/${orphan.name}`);
  },
};
