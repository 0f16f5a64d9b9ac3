import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const racing = { kind: "Deployment", namespace: "boutique", name: "carousel" };
const fallen = { kind: "Deployment", namespace: "boutique", name: "clearing" };

const finding = (
  checkId: string,
  code: string,
  verdict: "warn" | "fail",
  subject: ExpectedFinding["subject"],
): ExpectedFinding => ({ checkId: `kubernetes/${checkId}`, code, verdict, subject });

export const fault: Fault = {
  id: "sidecar-startup-race",
  plant: () => ({
    workloads: [
      planted("Deployment", racing.namespace, racing.name, { injected: { as: "container" } }),
      planted("Deployment", fallen.namespace, fallen.name, {
        injected: { as: "container" },
        // it gave up once while the proxy had no configuration yet
        history: (ordinal) =>
          ordinal === 0
            ? {
                containers: { app: { ended: { exitCode: 1, reason: "Error" }, now: "running", restarts: 1 } },
              }
            : undefined,
      }),
      planted("Deployment", "logistics", "held-back", {
        injected: { as: "container", hold: true },
      }),
    ],
    expected: [
      finding("sidecar-startup-race", "starts-before-proxy", "warn", racing),
      finding("sidecar-startup-race", "starts-before-proxy", "warn", fallen),
      finding("sidecar-startup-race", "fell-at-start", "fail", fallen),
      finding("container-exit-codes", "application-error", "warn", { ...fallen, part: "app" }),
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "boutique", name: "held-back" },
        why: "its proxy is the first container, with a hook that waits until it is ready",
      },
    ],
  }),
  mend(controllers) {
    // The mesh injects native sidecars into what is made now.
    for (const { namespace, name } of [racing, fallen])
      controllers.change("Deployment", namespace, name, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          metadata: {
            ...spec.template.metadata,
            annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-12T06:00:00Z" },
          },
        },
      }));
  },
};
