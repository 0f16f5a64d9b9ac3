import type { Answer, Cluster } from "./context.ts";

type Schema = { spec: { priorityLevelConfiguration: { name: string } } };

/** Seats by level, as a server with 400 + 200 requests in flight has them. */
const seats: Record<string, number> = {
  "catch-all": 13,
  exempt: 0,
  "global-default": 49,
  "leader-election": 25,
  "node-high": 98,
  system: 74,
  "workload-high": 98,
  "workload-low": 245,
};

const began = Date.now();

function flowSchemas({ store }: Cluster): [schema: string, level: string][] {
  const stored = store.of("flowschemas.flowcontrol.apiserver.k8s.io").walk("", "", store.revision);
  return [...stored].map(([name, schema]) => [
    name,
    (schema as unknown as Schema).spec.priorityLevelConfiguration.name,
  ]);
}

/** The API server's own metrics: those of priority and fairness, and of requests. Nothing was ever rejected. */
export function metrics(cluster: Cluster): Answer {
  const schemas = flowSchemas(cluster);
  const dispatched = 1_000 + Math.floor((Date.now() - began) / 100);
  const each = (name: string, kind: string, value: (level: string) => number) => [
    `# TYPE apiserver_flowcontrol_${name} ${kind}`,
    ...schemas.map(
      ([schema, level]) =>
        `apiserver_flowcontrol_${name}{flow_schema="${schema}",priority_level="${level}"} ${value(level)}`,
    ),
  ];
  const limits = (name: string) => [
    `# TYPE ${name} gauge`,
    ...Object.entries(seats).map(([level, value]) => `${name}{priority_level="${level}"} ${value}`),
  ];
  const busy = (level: string) => (level === "exempt" ? 1 : 0);
  const listed = (group: string, version: string, resource: string) =>
    `apiserver_request_total{code="200",component="apiserver",dry_run="",group="${group}",resource="${resource}",scope="cluster",subresource="",verb="LIST",version="${version}"} ${dispatched}`;
  const text = [
    ...each("current_executing_requests", "gauge", busy),
    ...each("current_executing_seats", "gauge", busy),
    ...each("current_inqueue_requests", "gauge", () => 0),
    ...each("dispatched_requests_total", "counter", () => dispatched),
    "# TYPE apiserver_flowcontrol_rejected_requests_total counter",
    ...limits("apiserver_flowcontrol_nominal_limit_seats"),
    ...limits("apiserver_flowcontrol_current_limit_seats"),
    "# TYPE apiserver_current_inflight_requests gauge",
    'apiserver_current_inflight_requests{request_kind="mutating"} 0',
    'apiserver_current_inflight_requests{request_kind="readOnly"} 1',
    "# TYPE apiserver_request_total counter",
    listed("", "v1", "pods"),
    listed("apps", "v1", "deployments"),
  ];
  return { status: 200, text: `${text.join("\n")}\n` };
}
