import type { DrainCluster, PlacedPod } from "#common/kubernetes/drain-cluster.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { subjectKey } from "./drain-group.ts";
import { affectedPods, compare } from "./owners.ts";

type Part = { what: Text; key: string; values: readonly string[] };

/** What many others stand on: away for a moment, it is missed everywhere. */
const parts: Part[] = [
  { what: { en: "cluster DNS", "zh-CN": "集群 DNS" }, key: "k8s-app", values: ["kube-dns", "coredns"] },
  { what: { en: "the network", "zh-CN": "容器网络" }, key: "k8s-app", values: ["calico-typha"] },
  {
    what: { en: "an ingress controller", "zh-CN": "Ingress 控制器" },
    key: "app.kubernetes.io/name",
    values: ["ingress-nginx", "traefik", "contour", "haproxy-ingress"],
  },
  { what: { en: "Istio's control plane", "zh-CN": "Istio 控制平面" }, key: "app", values: ["istiod"] },
  {
    what: { en: "Istio's gateway", "zh-CN": "Istio 网关" },
    key: "istio",
    values: ["ingressgateway", "eastwestgateway", "egressgateway"],
  },
];

const deployed = new Set(["Deployment", "StatefulSet", "ReplicaSet"]);

export function componentFindings(
  cluster: DrainCluster,
  ownerOf: (pod: PlacedPod["facts"]) => Subject,
): Finding[] {
  const groups = new Map<string, { owner: Subject; part: Part; pods: PlacedPod[] }>();
  for (const pod of cluster.pods) {
    const part = parts.find(({ key, values }) => values.includes(pod.facts.labels[key] ?? ""));
    if (!part || pod.facts.ending) continue;
    const owner = ownerOf(pod.facts);
    if (!deployed.has(owner.kind)) continue;
    const group = groups.get(subjectKey(owner)) ?? { owner, part, pods: [] };
    group.pods.push(pod);
    groups.set(subjectKey(owner), group);
  }
  const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
  return sorted.flatMap(({ owner, part, pods }) => weaknesses(cluster, owner, part, pods));
}

function weaknesses(
  cluster: DrainCluster,
  owner: Subject,
  { what, key }: Part,
  pods: PlacedPod[],
): Finding[] {
  const placed = pods.filter(({ node }) => node >= 0);
  const value = pods[0]?.facts.labels[key] ?? "";
  const place = ["--namespace", owner.namespace ?? ""];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  const common = {
    verdict: "warn" as const,
    subject: owner,
    affected: affectedPods(pods.map(({ facts }) => facts)),
  };
  const verify: RemedyStep = {
    purpose: "verify",
    text: { en: "Two or more, on different nodes.", "zh-CN": "至少两个，分布在不同节点。" },
    command: shellCommand(
      "kubectl",
      "get",
      "pods",
      ...place,
      "--selector",
      `${key}=${value}`,
      "--output",
      "wide",
    ),
  };
  if (pods.length === 1 && cluster.nodes.length > 1)
    return [
      {
        ...common,
        code: "component-single",
        message: {
          en: `${owner.name} (${what.en}) has a single pod. While its node is drained, everything that needs it waits.`,
          "zh-CN": `${owner.name}（${what["zh-CN"]}）只有一个 Pod。驱逐它所在的节点时，所有依赖它的都得等。`,
        },
        observed: { en: "1 pod", "zh-CN": "1 个 Pod" },
        expected: { en: "at least 2, on different nodes", "zh-CN": "至少 2 个，在不同节点上" },
        remedy: [
          {
            purpose: "fix",
            text: { en: "Run a second one.", "zh-CN": "再加一个副本。" },
            command: shellCommand("kubectl", "scale", target, ...place, "--replicas=2"),
          },
          verify,
        ],
      },
    ];
  const found: Finding[] = [];
  if (placed.length > 1 && new Set(placed.map(({ node }) => node)).size === 1 && cluster.nodes.length > 1)
    found.push({
      ...common,
      code: "component-on-one-node",
      message: {
        en: `All ${placed.length} pods of ${owner.name} (${what.en}) are on node ${placed[0]?.facts.node}.`,
        "zh-CN": `${owner.name}（${what["zh-CN"]}）的 ${placed.length} 个 Pod 全在节点 ${placed[0]?.facts.node} 上。`,
      },
      observed: { en: `${placed.length} pods on 1 node`, "zh-CN": `${placed.length} 个 Pod 都在 1 个节点` },
      expected: { en: "pods on at least 2 nodes", "zh-CN": "Pod 分布在至少 2 个节点" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Restart it: with the others on their way out, the scheduler spreads the new ones. Then add anti-affinity or a spread constraint, so that it stays so.",
            "zh-CN": "重启它，调度器会把新 Pod 打散；再加上反亲和性或拓扑分布约束，让它保持这样。",
          },
          command: shellCommand("kubectl", "rollout", "restart", target, ...place),
        },
        verify,
      ],
    });
  if (pods.length > 1 && pods.every(({ budgets }) => budgets.length === 0))
    found.push({
      ...common,
      code: "component-no-budget",
      message: {
        en: `${owner.name} (${what.en}) has no disruption budget: drains of several nodes may evict all ${pods.length} pods at once.`,
        "zh-CN": `${owner.name}（${what["zh-CN"]}）没有中断预算：同时驱逐几个节点时，${pods.length} 个 Pod 可能一起被赶走。`,
      },
      observed: { en: "no PodDisruptionBudget", "zh-CN": "没有 PodDisruptionBudget" },
      expected: { en: "a budget that lets one at a time go", "zh-CN": "每次只放走一个的预算" },
      remedy: [
        {
          purpose: "fix",
          text: { en: "Let one at a time go.", "zh-CN": "一次只放走一个。" },
          command: shellCommand(
            ...["kubectl", "create", "poddisruptionbudget", owner.name, ...place],
            ...[`--selector=${key}=${value}`, "--max-unavailable=1"],
          ),
        },
      ],
    });
  return found;
}
