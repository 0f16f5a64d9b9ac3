import type { PrometheusSeries } from "./endpoint-requests.ts";

/** Values of the signals as they are now, of metrics under the names that are most common: asked in one query. */
const requestCounters = [
  "http_requests_total",
  "http_server_requests_seconds_count",
  "http_server_request_duration_seconds_count",
  "http_request_duration_seconds_count",
  "grpc_server_handled_total",
  "istio_requests_total",
  "prometheus_http_requests_total",
];
const durations = [
  "http_server_requests_seconds",
  "http_server_request_duration_seconds",
  "http_request_duration_seconds",
  "grpc_server_handling_seconds",
  "prometheus_http_request_duration_seconds",
];
const failures = [
  `http_requests_total{code=~"5.."}`,
  `http_requests_total{status=~"5.."}`,
  `http_server_requests_seconds_count{status=~"5.."}`,
  `grpc_server_handled_total{grpc_code=~"Internal|Unavailable|Unknown|DeadlineExceeded"}`,
  `istio_requests_total{response_code=~"5.."}`,
  `prometheus_http_requests_total{code=~"5.."}`,
];

export const nowUnits = {
  trafficNow: "1/s",
  latencyP95Now: "s",
  errorsNow: "1/s",
  utilizationNow: "1",
  saturationNow: "1",
} as const;
export type NowName = keyof typeof nowUnits;

export function valuesQuery(label: string, window: string): string {
  const summed = (metric: string) => `sum by (${label}) (rate(${metric}[${window}]))`;
  const parts: Record<NowName, string> = {
    trafficNow: requestCounters.map(summed).join(" or "),
    latencyP95Now: durations
      .map((name) => `histogram_quantile(0.95, sum by (${label}, le) (rate(${name}_bucket[${window}])))`)
      .join(" or "),
    errorsNow: failures.map(summed).join(" or "),
    utilizationNow: `1 - avg by (${label}) (rate(node_cpu_seconds_total{mode="idle"}[${window}])) or sum by (${label}) (rate(process_cpu_seconds_total[${window}]))`,
    saturationNow: `max by (${label}) (process_open_fds / process_max_fds)`,
  };
  return Object.entries(parts)
    .map(([name, query]) => `label_replace(${query}, "signal", "${name}", "", "")`)
    .join(" or ");
}

export function toValues(label: string) {
  return (series: PrometheusSeries): { service: string; name: NowName; value: number }[] =>
    series.flatMap(({ labels, points }) => {
      const name = (Object.keys(nowUnits) as NowName[]).find((each) => each === labels.signal);
      const value = points[0]?.value;
      return name && typeof value === "number" ? [{ service: labels[label] ?? "", name, value }] : [];
    });
}
