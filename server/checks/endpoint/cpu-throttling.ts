import { z } from "zod";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { toContainerValues } from "../needs/cadvisor.ts";
import { prometheus } from "../needs/endpoint.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import {
  type ThrottledGroup,
  throttledFindings,
  throttlingMeasurements,
  throttlingPicture,
} from "../needs/throttling-findings.ts";

const by = "by (namespace, pod, container)";
const real = 'container!="",container!="POD"';
const grown = (metric: string, window: string) => `sum ${by} (increase(${metric}{${real}}[${window}]))`;
const periods = (window: string) => grown("container_cpu_cfs_periods_total", window);
const ratio = (window: string) =>
  `${grown("container_cpu_cfs_throttled_periods_total", window)} / (${periods(window)} > 0)`;
const usage = `sum ${by} (rate(container_cpu_usage_seconds_total{${real}}[5m]))`;

const params = z.object({
  windowMinutes: param(z.number().int().min(1).max(1440).default(60), {
    label: { en: "Window", "zh-CN": "时间窗口" },
    unit: "min",
  }),
  historyHours: param(z.number().int().min(1).max(168).default(24), {
    label: { en: "History for a limit to suggest", "zh-CN": "用多长的历史来建议 limit" },
    unit: "h",
  }),
  warnPercent: param(z.number().min(0).max(100).default(5), {
    label: { en: "Warn above", "zh-CN": "超过则警告" },
    unit: "%",
  }),
  failPercent: param(z.number().min(0).max(100).default(25), {
    label: { en: "Fail above", "zh-CN": "超过则失败" },
    unit: "%",
  }),
});

/** By the names that Kubernetes gives; Prometheus knows pods, not who owns them. */
function ownerOf(namespace: string, pod: string): Subject {
  const deployment = /^(.+)-[bcdf-hj-np-tv-z0-9]{6,10}-[a-z0-9]{5}$/.exec(pod)?.[1];
  if (deployment) return { kind: "Deployment", namespace, name: deployment };
  const stateful = /^(.+)-\d{1,4}$/.exec(pod)?.[1];
  if (stateful) return { kind: "StatefulSet", namespace, name: stateful };
  const daemon = /^(.+)-[bcdf-hj-np-tv-z0-9]{5}$/.exec(pod)?.[1];
  return daemon ? { kind: "DaemonSet", namespace, name: daemon } : { kind: "Pod", namespace, name: pod };
}

/**
 * Subject: the owner as the pod's name tells it, part: the container; affected: its pods. Code: throttled (warn, fail).
 * Needs cAdvisor's series, which Prometheus scrapes from kubelets.
 */
export const check = defineCheck({
  id: "endpoint/cpu-throttling",
  version: 1,
  title: { en: "CPU throttling, from Prometheus", "zh-CN": "CPU 限流（来自 Prometheus）" },
  why: {
    en: "Prometheus has what a short look at the kubelets has not: the busy hour of yesterday, and the 95th percentile by which a limit can be chosen.",
    "zh-CN": "短时间看 kubelet 看不到的，Prometheus 里有：昨天的高峰时段，以及用来选 limit 的 95 分位。",
  },
  remedy: {
    en: "Raise the limit to a few times the 95th percentile of usage, or let the program start fewer threads.",
    "zh-CN": "把 limit 提到用量 95 分位的几倍，或减少程序的线程数。",
  },
  params,
  needs: ({ windowMinutes, historyHours, warnPercent }) => {
    const window = `${windowMinutes}m`;
    const above = `(${ratio(window)}) > ${warnPercent / 100}`;
    return {
      limited: prometheus.query(
        `count(${periods(window)})`,
        (series) => series[0]?.points.at(-1)?.value ?? 0,
      ),
      ratios: prometheus.query(above, toContainerValues),
      counts: prometheus.query(`${periods(window)} and (${above})`, toContainerValues),
      cores: prometheus.query(
        `sum ${by} (rate(container_cpu_usage_seconds_total{${real}}[${window}])) and (${above})`,
        toContainerValues,
      ),
      peaks: prometheus.query(
        `quantile_over_time(0.95, (${usage})[${historyHours}h:5m]) and (${above})`,
        toContainerValues,
      ),
      limits: prometheus.query(
        `max ${by} (container_spec_cpu_quota{${real}} / container_spec_cpu_period{${real}}) and (${above})`,
        toContainerValues,
      ),
    };
  },
  judge: ({ limited, ratios, counts, cores, peaks, limits }, bounds) => {
    if (limited === 0)
      return { skip: { what: "throttling", detail: "no series container_cpu_cfs_periods_total" } };
    const keyOf = (one: { namespace: string; pod: string; container: string }) =>
      `${one.namespace}/${one.pod}/${one.container}`;
    const index = (values: typeof ratios) => new Map(values.map((one) => [keyOf(one), one.value]));
    const [periodsOf, coresOf, peakOf, limitOf] = [counts, cores, peaks, limits].map(index);
    const groups = new Map<string, ThrottledGroup>();
    for (const one of ratios.toSorted((a, b) => compare(keyOf(a), keyOf(b)))) {
      const { namespace, pod, container, value } = one;
      const owner = ownerOf(namespace, pod);
      const key = `${owner.kind}/${namespace}/${owner.name}/${container}`;
      const group: ThrottledGroup = groups.get(key) ?? { owner, container, pods: [] };
      group.pods.push({
        ...{ namespace, pod, container },
        periods: Math.round(periodsOf?.get(keyOf(one)) ?? 0),
        percent: Math.round(Math.min(1, value) * 1000) / 10,
        cores: Math.round((coresOf?.get(keyOf(one)) ?? 0) * 1000) / 1000,
      });
      const [peak, limit] = [peakOf?.get(keyOf(one)), limitOf?.get(keyOf(one))];
      if (peak !== undefined) group.usedP95 = Math.max(peak, group.usedP95 ?? 0);
      if (limit !== undefined) group.limitMillicores = Math.round(limit * 1000);
      groups.set(key, group);
    }
    const found = [...groups.values()];
    return {
      findings: throttledFindings(found, bounds),
      measurements: [
        ...throttlingMeasurements(found, bounds),
        { name: "containers-with-limit", value: limited, unit: "{containers}" },
      ],
      pictures: throttlingPicture(found, bounds),
    };
  },
});
