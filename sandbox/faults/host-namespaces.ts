import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

type Subject = { kind: "Deployment" | "DaemonSet"; namespace: string; name: string };

const shell: Subject = { kind: "Deployment", namespace: "logistics", name: "node-shell" };
const profiler: Subject = { kind: "DaemonSet", namespace: "monitoring", name: "profiler" };
const shared: Subject = { kind: "Deployment", namespace: "search", name: "shared-memory" };
const onNode: Subject = { kind: "Deployment", namespace: "payments", name: "fast-path" };
const agent: Subject = { kind: "DaemonSet", namespace: "monitoring", name: "node-exporter" };

function expected(subject: Subject, code: string, verdict: "warn" | "fail"): ExpectedFinding {
  return { checkId: "kubernetes/host-namespaces", code, verdict, subject };
}

const privileged = { more: { securityContext: { privileged: true } } };

export const fault: Fault = {
  id: "host-namespaces",
  plant: () => ({
    workloads: [
      planted(shell.kind, shell.namespace, shell.name, {
        containers: [privileged],
        more: { hostPID: true },
      }),
      planted(profiler.kind, profiler.namespace, profiler.name, { more: { hostPID: true } }),
      planted(shared.kind, shared.namespace, shared.name, { more: { hostIPC: true } }),
      planted(onNode.kind, onNode.namespace, onNode.name, { more: { hostNetwork: true } }),
    ],
    expected: [
      expected(shell, "node-root", "fail"),
      expected(profiler, "host-pid", "warn"),
      expected(shared, "host-ipc", "warn"),
      expected(onNode, "host-network", "warn"),
    ],
    decoys: [{ subject: agent, why: "an agent of the node has its business in the node's network" }],
  }),
  mend(controllers) {
    for (const { kind, namespace, name } of [shell, profiler, shared, onNode]) {
      controllers.change(kind, namespace, name, (spec) => {
        const { hostPID: _, hostIPC: __, hostNetwork: ___, ...rest } = spec.template.spec;
        return { ...spec, template: { ...spec.template, spec: rest } };
      });
    }
  },
};
