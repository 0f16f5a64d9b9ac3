import type { ExpectedFinding, Fault } from "./fault.ts";
import { planted } from "./planting.ts";

const namespace = "logistics";
const python = "label-sorter";
const inShell = "eta-model";
const filter = "gate-events";

const pipeline = (grep: string) => `tail -F /srv/gate.log | ${grep} -v heartbeat`;
const image = "python:3.13.5-slim";
const unbuffered = { env: [{ name: "PYTHONUNBUFFERED", value: "1" }] };

function expected(name: string, code: string): ExpectedFinding {
  const subject = { kind: "Deployment", namespace, name, part: "app" };
  return { checkId: "kubernetes/stdout-buffering", code, verdict: "warn", subject };
}

export const fault: Fault = {
  id: "stdout-buffering",
  plant: () => ({
    workloads: [
      planted("Deployment", namespace, python, {
        containers: [{ image, command: ["python3", "/srv/sorter.py"] }],
      }),
      planted("Deployment", namespace, inShell, {
        containers: [{ image, command: ["sh", "-c", "cd /srv && exec python3 -m eta"] }],
      }),
      planted("Deployment", namespace, filter, {
        containers: [{ command: ["tini", "--", "sh", "-c", pipeline("grep")] }],
      }),
      planted("Deployment", namespace, "dock-planner", {
        containers: [{ image, command: ["python3", "-u", "/srv/dock.py"] }],
      }),
      planted("Deployment", namespace, "dock-report", {
        containers: [{ image, command: ["python3", "/srv/report.py"], more: unbuffered }],
      }),
    ],
    expected: [
      expected(python, "interpreter-buffers"),
      expected(inShell, "interpreter-buffers"),
      expected(filter, "filter-buffers"),
    ],
    decoys: [
      { subject: { kind: "Deployment", namespace, name: "dock-planner" }, why: "it is started with -u" },
      {
        subject: { kind: "Deployment", namespace, name: "dock-report" },
        why: "its environment has PYTHONUNBUFFERED",
      },
    ],
  }),
  mend(controllers) {
    for (const name of [python, inShell, filter]) {
      controllers.change("Deployment", namespace, name, (spec) => ({
        ...spec,
        template: {
          ...spec.template,
          spec: {
            ...spec.template.spec,
            containers: spec.template.spec.containers.map((container) =>
              name === filter
                ? { ...container, command: ["tini", "--", "sh", "-c", pipeline("grep --line-buffered")] }
                : { ...container, ...unbuffered },
            ),
          },
        },
      }));
    }
  },
};
