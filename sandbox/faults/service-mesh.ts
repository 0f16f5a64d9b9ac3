import { istioVersion } from "../objects/proxy.ts";
import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "insights";
const linkerd = {
  name: "linkerd-proxy",
  image: "cr.l5d.io/linkerd/proxy:edge-25.4.1",
  restartPolicy: "Always" as const,
};
/** written by hand into the manifest, years ago */
const frugal = {
  name: "istio-proxy",
  image: `docker.io/istio/proxyv2:${istioVersion}`,
  args: ["proxy", "sidecar"],
  restartPolicy: "Always" as const,
  resources: { requests: { cpu: "20m" }, limits: { cpu: "500m" } },
};

function expected(
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding {
  return { checkId: "kubernetes/service-mesh", code, verdict, subject };
}

export const fault: Fault = {
  id: "service-mesh",
  plant: () => ({
    workloads: [
      planted("Deployment", namespace, "reports", { injected: {}, initContainers: [linkerd] }),
      planted("Deployment", namespace, "exports", { initContainers: [frugal] }),
      planted("Deployment", namespace, "own-envoy", {
        initContainers: [
          { name: "envoy", image: "docker.io/envoyproxy/envoy:v1.34.1", restartPolicy: "Always" },
        ],
      }),
    ],
    expected: [
      expected("two-proxies", "fail", { kind: "Deployment", namespace, name: "reports" }),
      expected("proxy-without-requests", "warn", { kind: "Namespace", name: namespace, part: "Istio" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace, name: "own-envoy" },
        why: "an Envoy that a team runs itself belongs to no mesh",
      },
    ],
  }),
  mend(controllers) {
    const without = (name: string) => {
      controllers.change("Deployment", namespace, name, (spec) => ({
        ...spec,
        template: { ...spec.template, spec: { ...spec.template.spec, initContainers: [] } },
      }));
    };
    without("reports");
    without("exports");
  },
};
