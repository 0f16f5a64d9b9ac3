import { z } from "zod";
import { pickPlacementNode } from "#common/kubernetes/placement.ts";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { type PortPod, pickNodePorts, pickPortPod, pickPortWorkload } from "../needs/host-port-claims.ts";
import { conflicts, nodePortClashes } from "../needs/host-port-clashes.ts";
import { crowded, waiting } from "../needs/host-port-room.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";

/**
 * Subjects and codes (all fail):
 * - port-conflict: the Node, part: "<port>/<protocol>"; affected: the pods on it whose claims overlap.
 * - node-port-clash: the Service, part: "<nodePort>/<protocol>"; affected: the pods with that host port.
 * - too-many-replicas: the Deployment or StatefulSet with more replicas than eligible nodes; no part.
 * - no-free-port: the owner (see ownerResolver) of Pending pods refused for their ports; affected: those pods. Not for
 *   an owner that already has too-many-replicas: it is the same cause.
 * Finished pods claim nothing. On the host network declared container ports are host ports.
 */
export const check = defineCheck({
  id: "kubernetes/host-ports",
  version: 1,
  title: { en: "Host ports that clash", "zh-CN": "主机端口冲突" },
  why: {
    en: "A host port can be held once per node. A second claimant is never placed, or is placed and silently loses its traffic to the other; nothing listens on the port, so ss and netstat show neither.",
    "zh-CN":
      "一个主机端口在每个节点上只能被占用一次。第二个占用者要么永远调度不上，要么跑起来了却悄悄丢掉流量；这个端口上没有进程监听，ss 和 netstat 都看不到。",
  },
  remedy: {
    en: "Give each claimant its own port, spread them over enough nodes, or expose the pods through a Service.",
    "zh-CN": "给每个占用者单独的端口，提供足够的节点，或改用 Service 暴露。",
  },
  params: z.object({}),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickPortPod),
    services: kubernetes.list(kinds.Service, pickNodePorts),
    nodes: kubernetes.list(kinds.Node, pickPlacementNode),
    deployments: kubernetes.list(kinds.Deployment, pickPortWorkload("Deployment")),
    statefulSets: kubernetes.list(kinds.StatefulSet, pickPortWorkload("StatefulSet")),
    ...ownerNeeds,
  },
  judge: ({ pods, services, nodes, deployments, statefulSets, ...owners }) => {
    const ownerOf = ownerResolver(owners);
    const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;
    const tooMany = crowded([...deployments, ...statefulSets], nodes);
    const explained = new Set(tooMany.map(({ subject }) => keyOf(subject)));
    const refused = new Map<string, { owner: Subject; pods: PortPod[] }>();
    for (const pod of pods) {
      if (pod.refused === undefined) continue;
      const owner = ownerOf(pod);
      if (explained.has(keyOf(owner))) continue;
      const group = refused.get(keyOf(owner)) ?? { owner, pods: [] };
      group.pods.push(pod);
      refused.set(keyOf(owner), group);
    }
    const findings = [
      ...conflicts(pods),
      ...nodePortClashes(pods, services.flat()),
      ...tooMany,
      ...[...refused.values()].map((group) => waiting(group.owner, group.pods, pods)),
    ];
    findings.sort((a, b) => compare(a.code, b.code) || compare(keyOf(a.subject), keyOf(b.subject)));
    return {
      findings,
      measurements: [{ name: "pods-with-host-ports", value: pods.length, unit: "{pods}" }],
    };
  },
});
