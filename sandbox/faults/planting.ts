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
};

/** A workload that is healthy in every way but the ones named: so that one fault raises no other finding. */
export function planted(
  kind: Workload["kind"],
  namespace: string,
  name: string,
  options: PlantOptions = {},
): Workload {
  const { containers = [{}], initContainers, annotations, nodeSelector, tolerations, ...more } = options;
  const full = (one: Partial<ContainerOptions>) =>
    container({ name: "app", image: "registry.example.com/shop/api:3.14.2", ...one });
  const runsOnce = kind === "Job" || kind === "Pod";
  return {
    kind,
    namespace,
    name,
    replicas: 1,
    ...more,
    template: podTemplate({
      labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace },
      containers: containers.map(full),
      ...(initContainers && { initContainers: initContainers.map(full) }),
      ...(annotations && { annotations }),
      ...(nodeSelector && { nodeSelector }),
      ...(tolerations && { tolerations }),
      ...(runsOnce && { restartPolicy: "Never" as const }),
    }),
  };
}
