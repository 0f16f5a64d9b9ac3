import type { Node } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { pickEntryIngress, pickEntryService, pickSignalPod } from "../needs/signal-facts.ts";
import { collectorGaps, lostSignals, trafficPicture, unobserved } from "../needs/signal-findings.ts";
import { isCollector, signalGroups } from "../needs/signal-groups.ts";

const pickNode = ({ metadata, status }: Node) => ({
  name: metadata?.name ?? "",
  ready: status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false,
});

/**
 * Subjects and codes, all warn:
 * - scraped-at-no-port, traces-to-nowhere: the owner of pods behind a Service.
 * - exposed-without-metrics: the same, where it is reached from outside; only if metrics are expected.
 * - log-collector-gap: the collector's DaemonSet; affected: nodes without a ready one.
 * What is not wrong but worth seeing is measured and drawn.
 */
export const check = defineCheck({
  id: "kubernetes/traffic-and-observability",
  version: 1,
  title: { en: "Ways in, and what can be seen", "zh-CN": "流量入口与可观测性" },
  why: {
    en: "Traffic comes in from outside and goes on between Services. Where metrics, logs or traces of a workload are set up and lead nowhere, the gap is noticed in the middle of an incident.",
    "zh-CN":
      "流量从外部进来，再在服务之间流动。某个工作负载的指标、日志或链路配了却没有送到，往往要到出事的时候才发现。",
  },
  remedy: {
    en: "Know the entry points, give what is reached from outside metrics, logs and traces, and check that they arrive.",
    "zh-CN": "弄清楚有哪些入口；给可从外部访问的服务配上指标、日志和链路，并确认它们真的送到了。",
  },
  params: z.object({
    expectMetrics: param(z.boolean().default(false), {
      label: {
        en: "Expect metrics of what is reached from outside",
        "zh-CN": "要求可从外部访问的服务都有指标",
      },
    }),
  }),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickSignalPod),
    services: kubernetes.list(kinds.Service, pickEntryService),
    nodes: kubernetes.list(kinds.Node, pickNode),
    ingresses: optional(kubernetes.list(kinds.Ingress, pickEntryIngress)),
    ...ownerNeeds,
  },
  judge: ({ pods, services, nodes, ingresses: read, replicaSets, jobs }, { expectMetrics }) => {
    const ingresses = isUnread(read) ? [] : read;
    const groups = signalGroups({ pods, services, ingresses }, ownerResolver({ replicaSets, jobs }));
    const hasLogs = pods.some(isCollector);
    const findings = [
      ...lostSignals(groups, services),
      ...(expectMetrics ? unobserved(groups) : []),
      ...collectorGaps(pods, nodes),
    ];
    findings.sort((a, b) => compare(a.code, b.code) || compare(a.subject.name, b.subject.name));
    const count = (name: string, value: number) => ({ name, value, unit: "{workloads}" });
    return {
      findings,
      pictures: trafficPicture(groups, hasLogs),
      measurements: [
        count("workloads-behind-services", groups.length),
        count("reached-from-outside", groups.filter(({ entries }) => entries.length > 0).length),
        count("with-metrics", groups.filter(({ metrics }) => metrics).length),
        count("with-traces", groups.filter(({ traces }) => traces).length),
      ],
    };
  },
});
