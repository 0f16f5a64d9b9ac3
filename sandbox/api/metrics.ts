import type { Answer } from "./context.ts";

const schemas = [
  ["exempt", "exempt"],
  ["probes", "exempt"],
  ["workload-leader-election", "leader-election"],
  ["kube-controller-manager", "workload-high"],
  ["kube-scheduler", "workload-high"],
  ["service-accounts", "workload-low"],
  ["global-default", "global-default"],
  ["catch-all", "catch-all"],
] as const;
const began = Date.now();

/** The API server's own metrics: those of priority and fairness, and of requests. Nothing was ever rejected. */
export function metrics(): Answer {
  const dispatched = 1_000 + Math.floor((Date.now() - began) / 100);
  const each = (name: string, kind: string, value: (level: string) => number) => [
    `# TYPE ${name} ${kind}`,
    ...schemas.map(
      ([schema, level]) => `${name}{flow_schema="${schema}",priority_level="${level}"} ${value(level)}`,
    ),
  ];
  const levels = [...new Set(schemas.map(([, level]) => level))];
  const text = [
    ...each("apiserver_flowcontrol_current_executing_requests", "gauge", (level) =>
      level === "exempt" ? 1 : 0,
    ),
    ...each("apiserver_flowcontrol_current_inqueue_requests", "gauge", () => 0),
    ...each("apiserver_flowcontrol_dispatched_requests_total", "counter", () => dispatched),
    "# TYPE apiserver_flowcontrol_rejected_requests_total counter",
    "# TYPE apiserver_flowcontrol_nominal_limit_seats gauge",
    ...levels.map(
      (level) =>
        `apiserver_flowcontrol_nominal_limit_seats{priority_level="${level}"} ${level === "exempt" ? 0 : 49}`,
    ),
    "# TYPE apiserver_current_inflight_requests gauge",
    'apiserver_current_inflight_requests{request_kind="mutating"} 0',
    'apiserver_current_inflight_requests{request_kind="readOnly"} 1',
  ];
  return { status: 200, text: `${text.join("\n")}\n` };
}
