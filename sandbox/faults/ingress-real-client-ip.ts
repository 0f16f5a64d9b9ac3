import type { ApiObject } from "../objects/types.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "ingress-nginx";
const main = "ingress-nginx-controller";
const partner = "partner-ingress-controller";
const trusted = "trusted-ingress-controller";

type Data = Record<string, string>;
const enough: Data = {
  "keep-alive-requests": "10000",
  "max-worker-connections": "65536",
  "upstream-keepalive-connections": "1000",
};

function expected(code: string, verdict: "warn" | "fail", kind: string, name: string): ExpectedFinding {
  return {
    checkId: "kubernetes/ingress-real-client-ip",
    code,
    verdict,
    subject: { kind, namespace, name },
  };
}

function controller(name: string, externalTrafficPolicy: "Cluster" | "Local") {
  return planted("Deployment", namespace, name, {
    containers: [
      {
        name: "controller",
        image: "registry.k8s.io/ingress-nginx/controller:v1.13.3",
        args: [
          "/nginx-ingress-controller",
          `--configmap=$(POD_NAMESPACE)/${name}`,
          `--ingress-class=${name}`,
          `--controller-class=example.com/${name}`,
        ],
      },
    ],
    service: { port: 80, targetPort: 8080, portName: "http", type: "NodePort", externalTrafficPolicy },
  });
}

function withData(object: ApiObject, change: (data: Data) => Data): ApiObject {
  return { ...object, data: change((object.data ?? {}) as Data) };
}

const settings = (name: string, data: Data): ApiObject => ({
  metadata: { namespace, name },
  data: { ...enough, ...data },
});

/** Controllers that let clients choose their address, or lose it on the way. */
export const fault: Fault = {
  id: "ingress-real-client-ip",
  plant: () => ({
    workloads: [controller(partner, "Cluster"), controller(trusted, "Cluster")],
    objects: () =>
      new Map([
        [
          "configmaps",
          [
            settings(partner, { "compute-full-forwarded-for": "true" }),
            settings(trusted, { "use-forwarded-headers": "true", "proxy-real-ip-cidr": "10.40.0.0/24" }),
          ],
        ],
      ]),
    changes: [
      {
        resource: "configmaps",
        key: `${namespace}/${main}`,
        edit: (object) => withData(object, (data) => ({ ...data, "use-forwarded-headers": "true" })),
      },
    ],
    expected: [
      expected("spoofable", "fail", "ConfigMap", main),
      expected("client-writes-first", "warn", "ConfigMap", partner),
      expected("source-replaced", "warn", "Service", partner),
    ],
    decoys: [
      {
        subject: { kind: "ConfigMap", namespace, name: trusted },
        why: "believes headers from its balancer's range only, so that it may lose the source",
      },
    ],
  }),
  mend(controllers) {
    controllers.edit("configmaps", `${namespace}/${main}`, (object) =>
      withData(object, (data) => ({ ...data, "proxy-real-ip-cidr": "10.40.0.0/24" })),
    );
    controllers.edit("configmaps", `${namespace}/${partner}`, (object) =>
      withData(object, ({ "compute-full-forwarded-for": _, ...data }) => data),
    );
    controllers.edit("services", `${namespace}/${partner}`, (service) => ({
      ...service,
      spec: { ...(service.spec as object), externalTrafficPolicy: "Local" },
    }));
  },
};
