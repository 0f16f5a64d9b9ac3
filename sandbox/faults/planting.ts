import type { ContainerOptions } from "../objects/template.ts";
import { container, podTemplate } from "../objects/template.ts";
import type { Toleration } from "../objects/types.ts";
import type { Workload } from "../objects/workload.ts";

type PlantOptions = Partial<Omit<Workload, "template">> & {
  containers?: Partial<ContainerOptions>[];
  initContainers?: Partial<ContainerOptions>[];
  annotations?: Record<string, string>;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
  /** labels beside those of every planted workload */
  labels?: Record<string, string>;
  /** any other field of the pod's spec */
  more?: Record<string, unknown>;
};

const longRunning = ["Deployment", "StatefulSet", "DaemonSet"];

/**
 * A workload that is healthy in every way but the ones named, so that one fault raises no other finding: two replicas
 * on two nodes, probes, requests and limits, and (where it has several replicas) a disruption budget.
 */
export function planted(
  kind: Workload["kind"],
  namespace: string,
  name: string,
  options: PlantOptions = {},
): Workload {
  const { containers = [{}], initContainers, annotations, nodeSelector, tolerations, ...others } = options;
  const { labels, more, ...workload } = others;
  const runs = longRunning.includes(kind);
  const full = (one: Partial<ContainerOptions>) =>
    container({
      name: "app",
      image: "registry.example.com/shop/api:3.14.2",
      cpu: ["20m", "250m"],
      memory: ["32Mi", "128Mi"],
      ...(runs && { ports: [{ name: "http", containerPort: 8080 }] }),
      ...one,
    });
  const probed = (one: Partial<ContainerOptions>, index: number) =>
    full(runs ? { probePort: 8080 + index, ...one } : one);
  const runsOnce = kind === "Job" || kind === "Pod";
  return {
    kind,
    namespace,
    name,
    replicas: kind === "Deployment" || kind === "StatefulSet" ? 2 : 1,
    ...workload,
    template: podTemplate({
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace, ...labels },
      containers: containers.map(probed),
      spread: kind === "Deployment" || kind === "StatefulSet",
      ...(more && { more }),
      ...(initContainers && { initContainers: initContainers.map(full) }),
      ...(annotations && { annotations }),
      ...(nodeSelector && { nodeSelector }),
      ...(tolerations && { tolerations }),
      ...(runsOnce && { restartPolicy: "Never" as const }),
    }),
  };
}
