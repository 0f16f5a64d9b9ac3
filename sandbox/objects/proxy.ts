import { container, httpProbe } from "./template.ts";
import type { Container, PodTemplate } from "./types.ts";
import type { ProxyOptions } from "./workload.ts";

/** The release of Istio that the mesh of the practice cluster runs. */
export const istioVersion = "1.28.1";

export const optOutLabel = "sidecar.istio.io/inject";

function probeOf(failureThreshold: number, periodSeconds: number): Record<string, unknown> {
  return { ...httpProbe(15021, "/healthz/ready"), failureThreshold, periodSeconds, timeoutSeconds: 3 };
}

function proxyContainer({ version = istioVersion, as = "native", hold }: ProxyOptions): Container {
  const wait = { exec: { command: ["pilot-agent", "wait"] } };
  return container({
    name: "istio-proxy",
    image: `docker.io/istio/proxyv2:${version}`,
    args: ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    cpu: ["20m", "500m"],
    memory: ["40Mi", "256Mi"],
    ports: [{ name: "http-envoy-prom", containerPort: 15090 }],
    ...(as === "native" && { restartPolicy: "Always" as const }),
    more: {
      startupProbe: probeOf(600, 1),
      readinessProbe: probeOf(4, 15),
      ...(hold && { lifecycle: { postStart: wait } }),
    },
  });
}

function initContainer({ version = istioVersion }: ProxyOptions): Container {
  return container({
    name: "istio-init",
    image: `docker.io/istio/proxyv2:${version}`,
    args: [
      "istio-iptables",
      "-p",
      "15001",
      "-z",
      "15006",
      "-u",
      "1337",
      "-m",
      "REDIRECT",
      "-i",
      "*",
      "-b",
      "*",
    ],
    cpu: ["10m", "500m"],
    memory: ["40Mi", "128Mi"],
    more: { securityContext: { capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] } } },
  });
}

/** What the injector makes of a pod's template: what its Deployment says, and the proxy. */
export function withProxy(template: PodTemplate, options: ProxyOptions): PodTemplate {
  const { as = "native", hold, revision = "default" } = options;
  const { metadata, spec } = template;
  const proxy = proxyContainer(options);
  const before = [initContainer(options), ...(as === "native" ? [proxy] : [])];
  const around = hold ? [proxy, ...spec.containers] : [...spec.containers, proxy];
  const app = metadata.labels.app ?? metadata.labels["app.kubernetes.io/name"] ?? "";
  return {
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        "security.istio.io/tlsMode": "istio",
        "service.istio.io/canonical-name": app,
        "service.istio.io/canonical-revision": metadata.labels.version ?? "latest",
      },
      annotations: {
        "istio.io/rev": revision,
        "kubectl.kubernetes.io/default-container": spec.containers[0]?.name ?? "",
        "kubectl.kubernetes.io/default-logs-container": spec.containers[0]?.name ?? "",
        "prometheus.io/path": "/stats/prometheus",
        "prometheus.io/port": "15020",
        "prometheus.io/scrape": "true",
        "sidecar.istio.io/status": JSON.stringify({
          initContainers: before.map(({ name }) => name),
          containers: as === "native" ? null : ["istio-proxy"],
          volumes: [],
          imagePullSecrets: null,
          revision,
        }),
        ...metadata.annotations,
      },
    },
    spec: {
      ...spec,
      initContainers: [...before, ...(spec.initContainers ?? [])],
      containers: as === "native" ? spec.containers : around,
    },
  };
}
