import type { Fault } from "./fault.ts";

/** Nodes whose runtime was changed under running containers: these carry ids of the one before. */
const changed = [
  { name: "practice-migrated-01", runtimeVersion: "cri-o://1.33.4" },
  { name: "practice-migrated-02", runtimeVersion: "docker://28.3.3" },
];

export const fault: Fault = {
  id: "enter-a-pod-namespace",
  plant: () => ({
    workloads: [],
    extraNodes: changed.map(({ name, runtimeVersion }) => ({ name, state: { runtimeVersion } })),
    expected: changed.map(({ name }) => ({
      checkId: "kubernetes/enter-a-pod-namespace",
      code: "runtime-mismatch",
      verdict: "warn" as const,
      subject: { kind: "Node", name, part: "containerd" },
    })),
    decoys: [
      {
        subject: { kind: "Node", name: "practice-control-plane" },
        why: "its runtime and the ids of its containers belong together",
      },
    ],
  }),
  mend(controllers) {
    for (const { name } of changed) controllers.changeNode(name, {});
  },
};
