import type { EndpointValues } from "./endpoint-requests.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";

/** What the kubelet's cAdvisor counts of each container's quota. */

export const throttlingLines = [
  "container_cpu_cfs_periods_total{",
  "container_cpu_cfs_throttled_periods_total{",
  "container_cpu_usage_seconds_total{",
] as const;

export type QuotaCounters = {
  namespace: string;
  pod: string;
  container: string;
  periods: number;
  throttled: number;
  usedSeconds: number;
  /** when the kubelet took this sample: lines of one answer are up to half a minute apart */
  atMs: number;
};

const linePattern = /^([a-z_]+)\{(.*)\} (\S+)(?: (\d+))?$/;

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1] ?? "";
}

/** Containers with a quota; the lines of pods, groups and pause containers have no container of their own. */
export function parseThrottling(answers: KubernetesSingleValues["kubernetes.nodes"]): QuotaCounters[] {
  const found = new Map<string, QuotaCounters>();
  for (const { text } of answers)
    for (const line of text.split("\n")) {
      const [, name = "", labels = "", value = "", at = "0"] = linePattern.exec(line) ?? [];
      const container = labelOf(labels, "container");
      if (name === "" || container === "" || container === "POD") continue;
      const [namespace, pod] = [labelOf(labels, "namespace"), labelOf(labels, "pod")];
      const key = `${namespace}/${pod}/${container}/${labelOf(labels, "id")}`;
      const row = found.get(key) ?? {
        ...{ namespace, pod, container, periods: -1, throttled: 0, usedSeconds: 0, atMs: 0 },
      };
      if (name === "container_cpu_cfs_periods_total")
        Object.assign(row, { periods: Number(value), atMs: Number(at) });
      else if (name === "container_cpu_cfs_throttled_periods_total") row.throttled = Number(value);
      else if (name === "container_cpu_usage_seconds_total") row.usedSeconds = Number(value);
      found.set(key, row);
    }
  return [...found.values()].filter(({ periods }) => periods >= 0);
}

export type Throttled = {
  namespace: string;
  pod: string;
  container: string;
  periods: number;
  percent: number;
  /** cores used on average over the window */
  cores: number;
};

/** Between two readings; a container that was started anew or has no newer sample has no rate. */
export function throttledBetween(
  before: readonly QuotaCounters[],
  after: readonly QuotaCounters[],
): Throttled[] {
  const first = new Map(before.map((one) => [`${one.namespace}/${one.pod}/${one.container}`, one]));
  return after.flatMap(({ namespace, pod, container, ...now }) => {
    const then = first.get(`${namespace}/${pod}/${container}`);
    const periods = now.periods - (then?.periods ?? Number.POSITIVE_INFINITY);
    if (!then || !(periods > 0) || now.throttled < then.throttled) return [];
    const share = Math.min(1, (now.throttled - then.throttled) / periods);
    const seconds = now.atMs > then.atMs ? (now.atMs - then.atMs) / 1000 : periods / 10;
    const cores = Math.max(0, now.usedSeconds - then.usedSeconds) / seconds;
    return [
      {
        ...{ namespace, pod, container, periods },
        percent: Math.round(share * 1000) / 10,
        cores: Math.round(cores * 1000) / 1000,
      },
    ];
  });
}

export type SeriesValue = { namespace: string; pod: string; container: string; value: number };

/** One number for each container, as Prometheus answers. */
export function toContainerValues(series: EndpointValues["prometheus.query"]): SeriesValue[] {
  return series.flatMap(({ labels: { namespace = "", pod = "", container = "" }, points }) => {
    const value = points.at(-1)?.value;
    return value === undefined || value === null || container === ""
      ? []
      : [{ namespace, pod, container, value }];
  });
}
