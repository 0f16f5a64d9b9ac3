import { z } from "zod";
import { drainCluster } from "#common/kubernetes/drain-cluster.ts";
import { certainObstacles } from "#common/kubernetes/drain-reasons.ts";
import { drainState } from "#common/kubernetes/drain-state.ts";
import { defineCheck } from "../define-check.ts";
import { drainFactsOf, drainNeeds } from "../needs/drain.ts";
import { subjectKey } from "../needs/drain-group.ts";
import { headRoomFindings, headRoomMeasurements } from "../needs/head-room.ts";
import { componentFindings } from "../needs/key-components.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { nodeLocalDnsFindings } from "../needs/node-local-dns.ts";
import { compare, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { parseServerVersion, pickComponent, pickNodeVersion, skewFindings } from "../needs/version-skew.ts";

/**
 * Subjects and codes:
 * - no-head-room (warn): cluster "head-room"; affected: the nodes whose pods the others cannot take.
 * - kubelet-newer, kubelet-too-old (fail), kubelet-at-limit (warn): kubelet "<version>"; affected: its nodes.
 * - api-servers-apart (fail): kube-apiserver. component-newer, component-too-old (fail): the static pod, or the owner.
 * - component-single, component-on-one-node, component-no-budget (warn): the owner of cluster DNS, an ingress
 *   controller, the network or Istio.
 * - node-local-dns-gap (warn): its DaemonSet; affected: nodes without a ready one. no-node-local-dns (warn) if wanted.
 */
export const check = defineCheck({
  id: "kubernetes/node-upgrades",
  version: 1,
  title: { en: "Ready for an upgrade of the nodes", "zh-CN": "节点升级前的准备" },
  why: {
    en: "An upgrade takes every node away once. Without room for its pods they stay Pending, with releases too far apart nodes do not come back, and DNS or ingress on a single node is missed by everyone.",
    "zh-CN":
      "升级会让每个节点都下线一次。没有余量，Pod 就一直 Pending；版本差得太远，节点就回不来；DNS 或 Ingress 只在一个节点上，所有人都会受影响。",
  },
  remedy: {
    en: "Keep room for the largest node, upgrade the control plane first and nodes before they fall behind, and spread what others depend on.",
    "zh-CN": "留出最大节点的余量；先升级控制平面，别让节点落后太多；把大家都依赖的组件分散开。",
  },
  params: z.object({
    nodesGone: param(z.number().int().min(1).max(50).default(1), {
      label: { en: "Nodes gone at the same time", "zh-CN": "同时下线的节点数" },
      help: {
        en: "With 1, each node is tried by itself; with more, the fullest ones together.",
        "zh-CN": "为 1 时逐个节点试算；大于 1 时让最满的几个一起下线。",
      },
      unit: "{nodes}",
    }),
    expectNodeLocalDns: param(z.boolean().default(false), {
      label: { en: "Expect a DNS cache on each node", "zh-CN": "要求有节点本地 DNS 缓存" },
    }),
  }),
  needs: {
    ...drainNeeds,
    server: kubernetes.raw({ path: "/version" }, parseServerVersion),
    versions: kubernetes.list(kinds.Node, pickNodeVersion),
    components: kubernetes.list(kinds.Pod, pickComponent),
  },
  judge: (
    { replicaSets, jobs, server, versions, components, ...read },
    { nodesGone, expectNodeLocalDns },
  ) => {
    const facts = drainFactsOf(read);
    const cluster = drainCluster(facts);
    const ownerOf = ownerResolver({ replicaSets, jobs });
    const findings = [
      ...headRoomFindings(facts, nodesGone),
      ...skewFindings({ server, nodes: versions, components }, ownerOf),
      ...componentFindings(cluster, ownerOf),
      ...nodeLocalDnsFindings(facts, expectNodeLocalDns),
    ];
    findings.sort((a, b) => compare(a.code, b.code) || compare(subjectKey(a.subject), subjectKey(b.subject)));
    const state = drainState(cluster);
    const stuck = facts.nodes.filter((_, node) => certainObstacles(state, node).length > 0).length;
    return {
      findings,
      measurements: [
        ...headRoomMeasurements(facts),
        { name: "nodes-that-cannot-be-drained", value: stuck, unit: "{nodes}" },
        {
          name: "kubelet-versions",
          value: new Set(versions.map(({ kubelet }) => kubelet)).size,
          unit: "{versions}",
        },
      ],
    };
  },
});
