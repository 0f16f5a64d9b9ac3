import { z } from "zod";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import {
  type Guard,
  type PlacedPod,
  type Property,
  pickPlacedPod,
  pickRoom,
  pickSelection,
  pickServed,
  properties,
  type Room,
  selects,
} from "../needs/resilience.ts";
import { type Component, resilienceFinding } from "../needs/resilience-findings.ts";

const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;

function lacksOf(
  owner: Subject,
  replicas: number,
  guard: Guard,
  pods: PlacedPod[],
  room: Room[] | null,
): Property[] {
  const nodes = new Set(pods.flatMap(({ node }) => (node === "" ? [] : [node])));
  const together = pods.length >= 2 && nodes.size === 1 && (room?.length ?? 0) >= 2;
  const found: Record<Property, boolean> = {
    replication: replicas < 2,
    containment: guard.unlimited.length > 0,
    isolation: together,
    delegation: !guard.readiness || owner.kind === "Pod",
  };
  return properties.filter((one) => found[one]);
}

/** The pod of a lone replica that failed lately: with nobody beside it, that was an outage. */
function lateFailure(replicas: number, pods: PlacedPod[], hours: number, now: Date): PlacedPod | undefined {
  if (replicas > 1) return undefined;
  return pods.find(({ failure }) => {
    const agoMs = now.getTime() - Date.parse(failure?.at ?? "");
    return agoMs >= 0 && agoMs < hours * 3_600_000;
  });
}

/**
 * Subject: the Deployment, StatefulSet or bare Pod behind a Service; affected: its pods. One finding a subject:
 * failure-reached-clients (fail): its only pod failed within the last hours. not-resilient (warn): it lacks at least
 * so many of replication (two pods), containment (memory limits), isolation (more than one node, where there are
 * several) and delegation (a readiness probe; a controller).
 * What no Service selects, and DaemonSets and Jobs, are left out.
 */
export const check = defineCheck({
  id: "kubernetes/resilience",
  version: 1,
  title: { en: "Components that do not absorb a failure", "zh-CN": "扛不住失败的组件" },
  why: {
    en: "A failure stays small where there is a second one, where it is contained, where the second does not share its fate, and where somebody else brings it back. Each property that is missing makes the next failure larger.",
    "zh-CN":
      "有副本、能遏制、不同命运、由别人负责恢复，失败就只是小事。少一个属性，下一次失败的影响就大一分。",
  },
  remedy: {
    en: "Add what is missing, beginning with the component that failed last: a replica, a memory limit, a spread, a readiness probe.",
    "zh-CN": "从最近失败过的组件开始补齐：副本、内存 limit、分布约束、就绪探针。",
  },
  params: z.object({
    missing: param(z.number().int().min(1).max(4).default(2), {
      label: { en: "Properties that may not be missing together", "zh-CN": "同时缺少多少个属性才提示" },
      help: {
        en: "Of replication, containment, isolation, delegation.",
        "zh-CN": "复制、遏制、隔离、委托四项之中。",
      },
    }),
    hours: param(z.number().min(1).max(720).default(24), {
      label: { en: "A failure counts for", "zh-CN": "多久以内的失败算数" },
      unit: "h",
    }),
  }),
  needs: {
    services: kubernetes.list(kinds.Service, pickSelection),
    deployments: kubernetes.list(kinds.Deployment, pickServed("Deployment")),
    statefulSets: kubernetes.list(kinds.StatefulSet, pickServed("StatefulSet")),
    pods: kubernetes.list(kinds.Pod, pickPlacedPod),
    nodes: optional(kubernetes.list(kinds.Node, pickRoom)),
    ...ownerNeeds,
  },
  judge: (
    { services, deployments, statefulSets, pods, nodes, ...owners },
    { missing, hours },
    { observedAt },
  ) => {
    const ownerOf = ownerResolver(owners);
    const podsOf = Map.groupBy(pods, (pod) => keyOf(ownerOf(pod)));
    const byNamespace = Map.groupBy(services, ({ namespace }) => namespace);
    const room = isUnread(nodes) ? null : nodes;
    const bare = pods.flatMap(({ namespace, name, bare }) =>
      bare ? [{ kind: "Pod", namespace, name, replicas: 1, ...bare }] : [],
    );
    const components = [...deployments, ...statefulSets, ...bare].flatMap((one): Component[] => {
      const { kind, namespace, name, replicas, labels } = one;
      const behind = (byNamespace.get(namespace) ?? []).filter((service) => selects(service, one, labels));
      if (behind.length === 0) return [];
      const owner = { kind, namespace, name };
      const own = podsOf.get(keyOf(owner)) ?? [];
      const lacks = lacksOf(owner, replicas, one, own, room);
      const failed = lateFailure(replicas, own, hours, observedAt);
      const names = behind
        .map((service) => service.name)
        .sort(compare)
        .slice(0, 3);
      return [{ owner, services: names, replicas, guard: one, pods: own, lacks, ...(failed && { failed }) }];
    });
    components.sort((a, b) => compare(keyOf(a.owner), keyOf(b.owner)));
    return {
      findings: components
        .filter(({ lacks, failed }) => failed || lacks.length >= missing)
        .map(resilienceFinding),
      measurements: [
        { name: "components-behind-services", value: components.length, unit: "{components}" },
        ...properties.map((property) => ({
          name: `components-with-${property}`,
          value: components.filter(({ lacks }) => !lacks.includes(property)).length,
          unit: "{components}",
        })),
      ],
    };
  },
});
