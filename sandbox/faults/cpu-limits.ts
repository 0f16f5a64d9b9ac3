import { allocatableMillicores, type NodeFacts } from "../objects/node.ts";
import type { Resources } from "../objects/types.ts";
import type { ExpectedFinding, Fault, Planted, Site } from "./fault.ts";
import { planted } from "./planting.ts";

type Subject = { kind: "Deployment" | "StatefulSet" | "DaemonSet"; namespace: string; name: string };

/** More than half of any node has, whatever the size of the cluster. */
const tooMany = (nodes: readonly NodeFacts[]) =>
  String(Math.ceil(Math.max(...nodes.map(({ cpuCores }) => cpuCores)) / 2) + 4);

const tooLarge: Subject[] = [
  { kind: "Deployment", namespace: "recommendations", name: "trainer" },
  { kind: "StatefulSet", namespace: "search", name: "warmer" },
];
const unbounded: Subject[] = [
  { kind: "Deployment", namespace: "checkout", name: "coupons" },
  { kind: "DaemonSet", namespace: "monitoring", name: "disk-probe" },
];
const justRight: Subject = { kind: "Deployment", namespace: "logistics", name: "half-a-node" };

const resourcesOf = (request: string, limit: string): Resources => ({
  limits: { cpu: limit, memory: "1Gi" },
  requests: { cpu: request, memory: "512Mi" },
});

function expected(subject: Subject, code: string): ExpectedFinding {
  return { checkId: "kubernetes/cpu-limits", code, verdict: "warn", subject: { ...subject, part: "app" } };
}

function plant({ workers }: Site): Planted {
  const half = Math.floor(Math.min(...workers.map(allocatableMillicores)) / 2);
  return {
    workloads: [
      ...tooLarge.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, {
          containers: [{ resources: resourcesOf("500m", tooMany(workers)) }],
        }),
      ),
      ...unbounded.map(({ kind, namespace, name }) =>
        planted(kind, namespace, name, {
          replicas: 2,
          containers: [{ resources: { requests: { memory: "64Mi" } } }],
        }),
      ),
      planted(justRight.kind, justRight.namespace, justRight.name, {
        containers: [{ resources: resourcesOf("500m", `${half}m`) }],
      }),
    ],
    expected: [
      ...tooLarge.map((subject) => expected(subject, "limit-too-large")),
      ...unbounded.map((subject) => expected(subject, "no-request-no-limit")),
    ],
    decoys: [
      { subject: { ...justRight, part: "app" }, why: "its limit is half of the smallest node, no more" },
    ],
  };
}

export const fault: Fault = {
  id: "cpu-limits",
  plant,
  mend(controllers) {
    for (const { kind, namespace, name } of [...tooLarge, ...unbounded]) {
      controllers.change(kind, namespace, name, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          spec: {
            ...spec.template.spec,
            containers: spec.template.spec.containers.map((container) => ({
              ...container,
              resources: resourcesOf("100m", "1"),
            })),
          },
        },
      }));
    }
  },
};
