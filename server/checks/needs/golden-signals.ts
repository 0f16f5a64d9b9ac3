import type { PrometheusSeries } from "./endpoint-requests.ts";

/** Families of metrics by what they tell. Exact names first; the patterns catch what follows the naming advice. */
const requestCounters =
  "(?:.+_)?http_requests_total|http_server_requests_seconds_count|http_request_duration_seconds_count|http_server_duration_milliseconds_count|http_server_request_duration_seconds_count|grpc_server_handled_total|grpc_server_started_total|istio_requests_total|.+_requests_total|.+_queries_total|.+_rpcs?_total";
const errorCounters =
  ".+_(?:errors?|failures?|failed|exceptions?|panics|timeouts|rejected)_total|.+_errs_total";
const resources =
  "process_cpu_seconds_total|process_open_fds|process_max_fds|process_resident_memory_bytes|container_cpu_usage_seconds_total|container_cpu_cfs_throttled_periods_total|node_cpu_seconds_total|node_load1|node_pressure_.+_total|node_disk_io_time_seconds_total|node_network_receive_errs_total|.+_queue_(?:length|size|depth)|.+_in_?flight(?:_requests)?|.+_connections_active|.+_pool_(?:active|waiting)";
/** Labels that hold the outcome of a request. */
const outcomeLabels = [
  "code",
  "status",
  "status_code",
  "http_status_code",
  "http_response_status_code",
  "grpc_code",
  "response_code",
];

export const signals = ["latency", "traffic", "errors", "saturation", "utilization"] as const;
export type Signal = (typeof signals)[number];

/** Metric names by service. `outcome` is the label that tells good from bad, of those that have one. */
export type Family = { service: string; metric: string; outcome: string | null };

/** One series for each service and metric: counted on the server, so that cardinality stays there. */
export function familiesQuery(label: string): string {
  return `count by (${label}, __name__) ({__name__=~"${requestCounters}|${errorCounters}|${resources}"})`;
}

export function histogramsQuery(label: string): string {
  return `count by (${label}, __name__) ({__name__=~".+(?:seconds|milliseconds|latency|duration).*_bucket", le="+Inf"})`;
}

/** Which request counters tell the outcome, and in which label. */
export function outcomesQuery(label: string): string {
  const each = outcomeLabels.map(
    (outcome) =>
      `label_replace(count by (${label}, __name__) ({__name__=~"${requestCounters}", ${outcome}!=""}), "outcome_label", "${outcome}", "", "")`,
  );
  return each.join(" or ");
}

export function targetsQuery(label: string): string {
  return `count by (${label}, instance) (up) * on (${label}, instance) group_left min by (${label}, instance) (up)`;
}

export function toFamilies(label: string) {
  return (series: PrometheusSeries): Family[] =>
    series.map(({ labels }) => ({
      service: labels[label] ?? "",
      metric: labels.__name__ ?? "",
      outcome: labels.outcome_label ?? null,
    }));
}

export function toTargets(label: string) {
  return (series: PrometheusSeries): { service: string; up: number; down: number }[] => {
    const byService = new Map<string, { up: number; down: number }>();
    for (const { labels, points } of series) {
      const counted = byService.get(labels[label] ?? "") ?? { up: 0, down: 0 };
      if (points[0]?.value) counted.up += 1;
      else counted.down += 1;
      byService.set(labels[label] ?? "", counted);
    }
    return [...byService]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([service, counted]) => ({ service, ...counted }));
  };
}

const isMatch = (pattern: string) => {
  const whole = new RegExp(`^(?:${pattern})$`);
  return ({ metric }: Family) => whole.test(metric);
};
const isRequests = isMatch(requestCounters);
const isErrors = isMatch(errorCounters);

/** Longer names are about a part of the service; the shortest is most likely the service itself. */
const plainest = (one: Family, other: Family) =>
  one.metric.length - other.metric.length || (one.metric < other.metric ? -1 : 1);

type Metrics = { families: readonly Family[]; histograms: readonly Family[]; outcomes: readonly Family[] };

/** For each signal a query that answers it for this service, as far as its metrics can. */
export function answersOf(
  service: string,
  { families, histograms, outcomes }: Metrics,
  { label, window }: { label: string; window: string },
): Partial<Record<Signal, string>> {
  const mine = (all: readonly Family[]) => all.filter((one) => one.service === service).toSorted(plainest);
  const own = mine(families);
  const metric = (name: string) => own.some((one) => one.metric === name);
  const selector = `${label}=${JSON.stringify(service)}`;
  const rate = (name: string, more = "") => `sum(rate(${name}{${selector}${more}}[${window}]))`;
  const answers: Partial<Record<Signal, string>> = {};
  const traffic = own.find(isRequests);
  if (traffic) answers.traffic = rate(traffic.metric);
  const told = mine(outcomes)[0];
  const counted = own.find(isErrors);
  if (told?.outcome) answers.errors = ratio(told, rate);
  else if (counted) answers.errors = rate(counted.metric);
  const bucket = mine(histograms)[0]?.metric;
  if (bucket)
    answers.latency = `histogram_quantile(0.95, sum by (le) (rate(${bucket}{${selector}}[${window}])))`;
  if (metric("process_open_fds") && metric("process_max_fds")) {
    answers.saturation = `max(process_open_fds{${selector}} / process_max_fds{${selector}})`;
  }
  const queue = own.find(
    isMatch(".+_queue_(?:length|size|depth)|.+_in_?flight(?:_requests)?|.+_pool_waiting"),
  );
  if (queue) answers.saturation = `max(${queue.metric}{${selector}})`;
  if (metric("node_load1")) answers.saturation = `max(node_load1{${selector}})`;
  if (metric("process_cpu_seconds_total")) answers.utilization = rate("process_cpu_seconds_total");
  if (metric("container_cpu_usage_seconds_total"))
    answers.utilization = rate("container_cpu_usage_seconds_total");
  if (metric("node_cpu_seconds_total")) {
    answers.utilization = `1 - avg(rate(node_cpu_seconds_total{${selector},mode="idle"}[${window}]))`;
  }
  return answers;
}

function ratio({ metric, outcome }: Family, rate: (name: string, more?: string) => string): string {
  const bad =
    outcome === "grpc_code" ? `,grpc_code!="OK"` : `,${outcome}=~"5..|Internal|Unavailable|Unknown"`;
  // Without a single error there is no such series: then the answer is 0, not nothing.
  return `(${rate(metric, bad)} or vector(0)) / ${rate(metric)}`;
}
