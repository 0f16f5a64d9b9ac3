import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const deaf = [
  {
    namespace: "storefront",
    name: "coupons",
    code: "shell-as-pid-1",
    command: ["sh", "-c", "./migrate && ./server"],
  },
  {
    namespace: "search",
    name: "crawler",
    code: "package-manager-as-pid-1",
    command: ["npm", "run", "start"],
  },
  {
    namespace: "logistics",
    name: "line-printer",
    code: "idle-as-pid-1",
    command: ["tail", "-f", "/dev/lp0"],
  },
];
const killed = { kind: "StatefulSet", namespace: "identity", name: "audit-writer" };
const hour = 3_600_000;

const decoys: [name: string, command: string[], more: Record<string, unknown>, why: string][] = [
  ["with-exec", ["sh", "-c", "./migrate && exec ./server"], {}, "the shell makes way for the server"],
  ["with-init", ["tini", "--", "sh", "-c", "./migrate && ./server"], {}, "an init stands before the shell"],
  [
    "with-shared-processes",
    ["sh", "-c", "./migrate && ./server"],
    { shareProcessNamespace: true },
    "the pause container is PID 1",
  ],
];

const finding = (
  checkId: string,
  code: string,
  verdict: "warn" | "fail",
  part?: string,
): ExpectedFinding => ({
  checkId: `kubernetes/${checkId}`,
  code,
  verdict,
  subject: { ...killed, ...(part !== undefined && { part }) },
});

export const fault: Fault = {
  id: "pid-1-in-containers",
  plant: () => ({
    workloads: [
      ...deaf.map(({ namespace, name, command }) =>
        planted("Deployment", namespace, name, { containers: [{ command }] }),
      ),
      planted("StatefulSet", killed.namespace, killed.name, {
        history: (ordinal) =>
          ordinal === 1
            ? {
                phase: "Failed",
                ageMs: hour,
                // it ended when its grace period was over; a finalizer still holds the object
                terminating: { sinceMs: hour - 11_000 },
                finalizers: ["audit.example.com/flush"],
                containers: { app: { ended: { exitCode: 137, reason: "Error" }, now: "ended", restarts: 0 } },
              }
            : undefined,
      }),
      ...decoys.map(([name, command, more]) =>
        planted("Deployment", "recommendations", name, { containers: [{ command }], more }),
      ),
    ],
    expected: [
      ...deaf.map(({ namespace, name, code }) => ({
        checkId: "kubernetes/pid-1-in-containers",
        code,
        verdict: "warn" as const,
        subject: { kind: "Deployment", namespace, name, part: "app" },
      })),
      finding("pid-1-in-containers", "killed-after-grace", "fail", "app"),
      finding("container-exit-codes", "killed-on-delete", "warn", "app"),
      finding("pod-abnormal-states", "finalizer-holds", "fail"),
    ],
    decoys: decoys.map(([name, , , why]) => ({
      subject: { kind: "Deployment", namespace: "recommendations", name },
      why,
    })),
  }),
  mend(controllers) {
    for (const { namespace, name } of deaf) {
      controllers.change("Deployment", namespace, name, (spec) => {
        const containers = spec.template.spec.containers.map((one) => ({ ...one, command: ["./server"] }));
        return { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } };
      });
    }
    controllers.deletePod(killed.namespace, `${killed.name}-1`);
  },
};
