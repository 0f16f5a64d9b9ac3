import { type DrainCluster, nodesFor, type PlacedPod } from "#common/kubernetes/drain-cluster.ts";
import { zoneOf } from "#common/kubernetes/drain-order.ts";
import { selectorText } from "#common/kubernetes/label-selector.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import { podsBehind, type ServedGroup, serviceNames } from "./drain-group.ts";
import { affectedPods } from "./owners.ts";

/** Services that one node, or one zone, takes down. At most one of these for an owner: the worst. */
export function spreadFindings(cluster: DrainCluster, groups: ServedGroup[]): Finding[] {
  if (cluster.nodes.length < 2) return [];
  const behind = podsBehind(cluster);
  return groups.flatMap((group) => {
    const alone = [...group.services].filter((service) => behind[service]?.length === 1);
    if (alone.length > 0) return singleReplica(cluster, group, serviceNames(cluster, alone));
    const onePlace = (placeOf: (pod: PlacedPod) => string) =>
      [...group.services].filter((service) => {
        const placed = (behind[service] ?? []).filter(({ node }) => node >= 0);
        return (
          placed.length > 1 &&
          new Set(placed.map(placeOf)).size === 1 &&
          placeOf(placed[0] as PlacedPod) !== ""
        );
      });
    const oneNode = onePlace(({ facts }) => facts.node);
    if (oneNode.length > 0 && eligible(cluster, group).length > 1)
      return oneNodeFinding(cluster, group, serviceNames(cluster, oneNode));
    const zone = (node: number) => zoneOf(cluster.nodes[node]?.labels ?? {});
    const oneZone = onePlace(({ node }) => zone(node));
    if (oneZone.length > 0 && new Set(eligible(cluster, group).map(zone)).size > 1)
      return oneZoneFinding(cluster, group, serviceNames(cluster, oneZone));
    return [];
  });
}

function eligible(cluster: DrainCluster, { pods }: ServedGroup): number[] {
  return nodesFor(cluster, pods[0]?.shape ?? -1);
}

function singleReplica(cluster: DrainCluster, { owner, pods }: ServedGroup, services: string[]): Finding[] {
  const [pod] = pods;
  const names = services.join(", ");
  const scalable = owner.kind === "Deployment" || owner.kind === "StatefulSet";
  const place = ["--namespace", owner.namespace ?? ""];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  const moved: RemedyStep[] =
    owner.kind === "Deployment" && pod?.facts.node
      ? [
          {
            purpose: "fix",
            text: {
              en: "If it may only run once at rest, move it before the drain: cordon the node and restart the Deployment, which starts the new pod elsewhere before it ends the old one (with the default maxSurge).",
              "zh-CN":
                "如果平时只能跑一个副本，就在驱逐之前先把它挪走：先封锁节点，再重启 Deployment；默认的 maxSurge 会先在别的节点起新 Pod，再停旧 Pod。",
            },
            command: `${shellCommand("kubectl", "cordon", pod.facts.node)} && ${shellCommand("kubectl", "rollout", "restart", target, ...place)}`,
          },
        ]
      : [];
  return [
    {
      verdict: "warn",
      code: "single-replica",
      subject: owner,
      affected: affectedPods(pods.map(({ facts }) => facts)),
      message: {
        en: `Service ${names} has a single pod behind it${pod?.facts.node ? `, on ${pod.facts.node}` : ""}. Whatever evicts that pod takes the Service down until a new one is ready.`,
        "zh-CN": `Service ${names} 背后只有一个 Pod${pod?.facts.node ? `（在 ${pod.facts.node} 上）` : ""}。一旦它被驱逐，在新 Pod 就绪之前 Service 都不可用。`,
      },
      observed: { en: `1 pod behind ${names}`, "zh-CN": `${names} 后面只有 1 个 Pod` },
      expected: { en: "at least 2, on different nodes", "zh-CN": "至少 2 个，在不同节点上" },
      remedy: [
        ...(scalable
          ? [
              {
                purpose: "fix" as const,
                text: {
                  en: "Run a second replica, if the program can be run twice.",
                  "zh-CN": "如果程序允许多实例运行，就加一个副本。",
                },
                command: shellCommand("kubectl", "scale", target, ...place, "--replicas=2"),
              },
            ]
          : []),
        ...moved,
        whereStep(cluster, pods),
      ],
    },
  ];
}

function oneNodeFinding(cluster: DrainCluster, group: ServedGroup, services: string[]): Finding[] {
  const node = group.pods.find((pod) => pod.node >= 0)?.facts.node ?? "";
  const names = services.join(", ");
  return [
    {
      verdict: "warn",
      code: "all-on-one-node",
      subject: group.owner,
      affected: affectedPods(group.pods.map(({ facts }) => facts)),
      message: {
        en: `All ${group.pods.length} pods behind Service ${names} are on node ${node}. When it fails they all go; when it is drained, only a budget keeps some.`,
        "zh-CN": `Service ${names} 背后的 ${group.pods.length} 个 Pod 全在节点 ${node} 上。节点一坏就全部丢失；驱逐节点时，只有中断预算才能保住一部分。`,
      },
      observed: {
        en: `${group.pods.length} pods on ${node}`,
        "zh-CN": `${group.pods.length} 个 Pod 都在 ${node}`,
      },
      expected: { en: "pods on at least 2 nodes", "zh-CN": "Pod 分布在至少 2 个节点" },
      remedy: [spreadStep(cluster, group, "kubernetes.io/hostname"), whereStep(cluster, group.pods)],
    },
  ];
}

function oneZoneFinding(cluster: DrainCluster, group: ServedGroup, services: string[]): Finding[] {
  const placed = group.pods.find(({ node }) => node >= 0)?.node ?? -1;
  const zone = zoneOf(cluster.nodes[placed]?.labels ?? {});
  const names = services.join(", ");
  return [
    {
      verdict: "warn",
      code: "all-in-one-zone",
      subject: group.owner,
      affected: affectedPods(group.pods.map(({ facts }) => facts)),
      message: {
        en: `All ${group.pods.length} pods behind Service ${names} are in zone ${zone}, though nodes of other zones could run them. An upgrade zone by zone, or the loss of that one, takes the Service down.`,
        "zh-CN": `Service ${names} 背后的 ${group.pods.length} 个 Pod 全在可用区 ${zone}，而其他可用区也有能运行它们的节点。按可用区升级，或这个可用区出故障，都会让 Service 不可用。`,
      },
      observed: {
        en: `${group.pods.length} pods in ${zone}`,
        "zh-CN": `${group.pods.length} 个 Pod 都在 ${zone}`,
      },
      expected: { en: "pods in at least 2 zones", "zh-CN": "Pod 分布在至少 2 个可用区" },
      remedy: [spreadStep(cluster, group, "topology.kubernetes.io/zone"), whereStep(cluster, group.pods)],
    },
  ];
}

/** The labels a Service finds the pods by also tell the scheduler which pods to spread. */
export function groupLabels(cluster: DrainCluster, { services }: ServedGroup): Record<string, string> {
  const [first] = [...services].sort((a, b) => a - b);
  return cluster.services[first ?? -1]?.selector ?? {};
}

function spreadStep(cluster: DrainCluster, group: ServedGroup, topologyKey: string): RemedyStep {
  const { owner } = group;
  const text = {
    en: `Spread the pods over ${topologyKey}: a preference, so that nothing stays Pending. The patch rolls the pods.`,
    "zh-CN": `让 Pod 按 ${topologyKey} 打散。这里用的是“尽量”，不会让 Pod 一直 Pending。修改会触发滚动更新。`,
  };
  if (owner.kind !== "Deployment" && owner.kind !== "StatefulSet") return { purpose: "fix", text };
  const constraint = {
    ...{ maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway" },
    labelSelector: { matchLabels: groupLabels(cluster, group) },
  };
  const patch = JSON.stringify({ spec: { template: { spec: { topologySpreadConstraints: [constraint] } } } });
  const place = ["--namespace", owner.namespace ?? ""];
  return {
    purpose: "fix",
    text,
    command: shellCommand(
      "kubectl",
      "patch",
      owner.kind.toLowerCase(),
      owner.name,
      ...place,
      "--patch",
      patch,
    ),
  };
}

function whereStep(cluster: DrainCluster, pods: PlacedPod[]): RemedyStep {
  const [pod] = pods;
  const selector = cluster.services[pod?.services[0] ?? -1]?.selector ?? {};
  return {
    purpose: "verify",
    text: { en: "The pods are ready on different nodes.", "zh-CN": "Pod 都已就绪，并且分布在不同节点上。" },
    command: shellCommand(
      ...["kubectl", "get", "pods", "--namespace", pod?.facts.namespace ?? ""],
      ...["--selector", selectorText({ matchLabels: selector }), "--output", "wide"],
    ),
  };
}
