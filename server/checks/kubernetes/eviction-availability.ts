import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import { z } from "zod";
import { drainCluster } from "#common/kubernetes/drain-cluster.ts";
import { defineCheck } from "../define-check.ts";
import { drainFactsOf, drainNeeds } from "../needs/drain.ts";
import {
  blocking,
  type IdleTemplate,
  idleBudgets,
  overlapping,
  unprotected,
} from "../needs/drain-budgets.ts";
import { frontedGroups, podsBehind, servedGroups, subjectKey } from "../needs/drain-group.ts";
import { spreadFindings } from "../needs/drain-spread.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

function pickIdle({ metadata, spec }: Deployment | StatefulSet): IdleTemplate | undefined {
  if (spec?.replicas !== 0) return undefined;
  return { namespace: metadata?.namespace ?? "", labels: spec.template.metadata?.labels ?? {} };
}

/**
 * Subjects and codes:
 * - single-replica, all-on-one-node, all-in-one-zone (warn): the owner of the pods behind a Service; affected: its pods.
 *   The Service itself where several owners are behind it. Only the first that applies. Not where only one node, or one zone, could run them.
 * - no-budget (warn): the owner of several pods behind a Service that no budget covers.
 * - budget-allows-nothing (fail), budget-exhausted (warn), budget-selects-nothing (warn): the PodDisruptionBudget.
 * - overlapping-budgets (fail): the owner of pods that several budgets cover.
 * DaemonSets, Jobs and static pods are left out: a drain does not evict them, or nobody waits for them.
 */
export const check = defineCheck({
  id: "kubernetes/eviction-availability",
  version: 1,
  title: { en: "Services that an eviction takes down", "zh-CN": "驱逐会让哪些 Service 不可用" },
  why: {
    en: "Draining a node evicts its pods. A Service with all its pods there is down until others are ready; a disruption budget prevents that, and a wrong one blocks the drain for ever.",
    "zh-CN":
      "驱逐节点会赶走上面的 Pod。如果某个 Service 的 Pod 全在那里，新 Pod 就绪之前它都不可用；中断预算能防住这一点，可预算写错了，又会让驱逐永远卡住。",
  },
  remedy: {
    en: "Run at least two replicas on different nodes, and give each such workload one budget that allows at least one disruption.",
    "zh-CN": "至少跑两个副本并分散到不同节点，给每个这样的工作负载配一个、且至少允许一次中断的预算。",
  },
  params: z.object({
    minReplicas: param(z.number().int().min(2).default(2), {
      label: { en: "Ask for a budget from", "zh-CN": "达到多少副本才要求预算" },
      help: {
        en: "Workloads behind a Service with fewer pods need none.",
        "zh-CN": "Service 背后的工作负载，Pod 数少于这个值时不要求预算。",
      },
      unit: "{pods}",
    }),
    exhaustedMinutes: param(z.number().int().min(0).default(10), {
      label: { en: "A budget may be used up for", "zh-CN": "预算用尽可容忍" },
      help: {
        en: "A rollout uses it up for a while, and that is no fault.",
        "zh-CN": "滚动更新会暂时用尽预算，这不算问题。",
      },
      unit: "min",
    }),
    leftOutNamespaces: param(z.string().max(2_000).default(""), {
      label: { en: "Namespaces to leave out", "zh-CN": "不检查的命名空间" },
      help: { en: "Separated by commas, such as dev,test.", "zh-CN": "用逗号分隔，例如 dev,test。" },
      placeholder: "dev,test",
    }),
  }),
  needs: {
    ...drainNeeds,
    idleDeployments: optional(kubernetes.list(kinds.Deployment, pickIdle)),
    idleStatefulSets: optional(kubernetes.list(kinds.StatefulSet, pickIdle)),
  },
  judge: ({ replicaSets, jobs, idleDeployments, idleStatefulSets, ...facts }, params, { observedAt }) => {
    const leftOut = new Set(params.leftOutNamespaces.split(",").map((name) => name.trim()));
    const cluster = drainCluster(drainFactsOf(facts));
    const ownerOf = ownerResolver({ replicaSets, jobs });
    const idle = [idleDeployments, idleStatefulSets].flatMap((list) => (isUnread(list) ? [] : list));
    const findings = [
      ...spreadFindings(cluster, frontedGroups(cluster, ownerOf)),
      ...unprotected(cluster, servedGroups(cluster, ownerOf), params.minReplicas),
      ...blocking(cluster, observedAt, params.exhaustedMinutes),
      ...idleBudgets(cluster, idle),
      ...overlapping(cluster, ownerOf),
    ].filter(({ subject }) => !leftOut.has(subject.namespace ?? ""));
    findings.sort((a, b) => compare(a.code, b.code) || compare(subjectKey(a.subject), subjectKey(b.subject)));
    const behind = podsBehind(cluster);
    return {
      findings,
      measurements: [
        {
          name: "services-with-pods",
          value: behind.filter((pods) => pods.length > 0).length,
          unit: "{services}",
        },
        {
          name: "services-with-one-pod",
          value: behind.filter((pods) => pods.length === 1).length,
          unit: "{services}",
        },
        { name: "budgets", value: facts.budgets.length, unit: "{budgets}" },
        {
          name: "budgets-that-allow-nothing",
          value: facts.budgets.filter(({ allowed, expected }) => allowed <= 0 && expected > 0).length,
          unit: "{budgets}",
        },
      ],
    };
  },
});
