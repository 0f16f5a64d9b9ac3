import type { ContainerStatus, Pod } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { affectedPods, compare, statusOf } from "../needs/owners.ts";

type AddressedPod = {
  namespace: string;
  name: string;
  node: string;
  addresses: string[];
  since: string;
  leaving: boolean;
};

/** A finished pod has given its address back although its status still shows it. */
function ended(pod: Pod): boolean {
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return true;
  const sidecars = new Set(
    pod.spec?.initContainers?.filter((c) => c.restartPolicy === "Always").map((c) => c.name),
  );
  const statuses: ContainerStatus[] = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []).filter((status) => sidecars.has(status.name)),
  ];
  return (
    (pod.status?.containerStatuses?.length ?? 0) > 0 &&
    (pod.metadata?.deletionTimestamp !== undefined || pod.spec?.restartPolicy === "Never") &&
    statuses.every((status) => status.state?.terminated !== undefined)
  );
}

function pick(pod: Pod): AddressedPod | undefined {
  if (pod.spec?.hostNetwork || ended(pod)) return undefined;
  const { podIPs, podIP } = pod.status ?? {};
  const found = podIPs?.length ? podIPs.map(({ ip }) => ip) : [podIP];
  const addresses = [...new Set(found.filter((ip) => ip !== undefined).map((ip) => ip.toLowerCase()))];
  if (addresses.length === 0) return undefined;
  return {
    namespace: pod.metadata?.namespace ?? "",
    name: pod.metadata?.name ?? "",
    node: pod.spec?.nodeName ?? "",
    addresses,
    since: pod.status?.startTime ?? "",
    leaving: pod.metadata?.deletionTimestamp !== undefined,
  };
}

const overlappingRanges: RemedyStep = {
  purpose: "inspect",
  text: {
    en: "The holders are on different nodes: compare the nodes' pod ranges, and the ranges in each node's CNI configuration.",
    "zh-CN": "持有者在不同节点上：比较各节点的 Pod 网段，以及各节点 CNI 配置里的网段。",
  },
  command: "kubectl get nodes -o custom-columns=NAME:.metadata.name,RANGES:.spec.podCIDRs",
};

function staleReservation(address: string, pods: AddressedPod[]): RemedyStep[] {
  const oldest = pods.toSorted((a, b) => compare(a.since, b.since) || compare(a.name, b.name))[0];
  return [
    {
      purpose: "inspect",
      text: {
        en: "On the node, see which sandbox the allocator reserved the address for (host-local).",
        "zh-CN": "在节点上查看分配器（host-local）把这个地址留给了哪个沙箱。",
      },
      command: `sudo grep -H . /var/lib/cni/networks/*/${shellCommand(address)}`,
    },
    {
      purpose: "fix",
      text: {
        en: "Keep the pod that the reservation names and delete the other, so that it gets a fresh address. It is usually the one that started first, as here: its record was lost before the second came.",
        "zh-CN":
          "保留分配记录所指的 Pod，删除另一个，让它重新取得地址。通常要删的是先启动的那个（如下）：它的记录在后者到来之前就丢了。",
      },
      command: shellCommand(
        "kubectl",
        "delete",
        "pod",
        oldest?.name ?? "",
        "--namespace",
        oldest?.namespace ?? "",
      ),
    },
  ];
}

function sharedAddress(address: string, holders: AddressedPod[]): Finding {
  const pods = holders.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
  const nodes = [...new Set(pods.map(({ node }) => node))].filter(Boolean).sort(compare);
  const [first] = pods;
  const names = pods.slice(0, 5).map((pod) => `${pod.namespace}/${pod.name}`);
  const more = pods.length - names.length;
  const list = { en: names.join(", "), "zh-CN": names.join("、") };
  return {
    verdict: "fail",
    code: "duplicate-address",
    subject: { kind: "Pod", namespace: first?.namespace ?? "", name: first?.name ?? "", part: address },
    affected: affectedPods(pods),
    message: {
      en: `${pods.length} running pods hold ${address}: ${list.en}${more > 0 ? ` and ${more} more` : ""}. Traffic for one reaches another.`,
      "zh-CN": `${pods.length} 个运行中的 Pod 同时持有 ${address}：${list["zh-CN"]}${more > 0 ? ` 等（另有 ${more} 个）` : ""}。发往其中一个的流量会到达另一个。`,
    },
    observed:
      nodes.length === 1
        ? {
            en: `${pods.length} pods on node ${nodes[0]}`,
            "zh-CN": `节点 ${nodes[0]} 上有 ${pods.length} 个 Pod`,
          }
        : {
            en: `${pods.length} pods on ${nodes.length} nodes (${nodes.slice(0, 5).join(", ")})`,
            "zh-CN": `${nodes.length} 个节点（${nodes.slice(0, 5).join("、")}）上有 ${pods.length} 个 Pod`,
          },
    expected: { en: "1 pod", "zh-CN": "1 个 Pod" },
    evidence: pods.slice(0, 10).map((pod) => ({
      source: statusOf(pod),
      excerpt: {
        en: `podIPs: ${pod.addresses.join(", ")}; node: ${pod.node || "-"}${pod.leaving ? "; terminating, still running" : ""}`,
        "zh-CN": `podIPs：${pod.addresses.join("、")}；节点：${pod.node || "-"}${pod.leaving ? "；正在终止，进程还在" : ""}`,
      },
    })),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "See who holds the address now, and since when.",
          "zh-CN": "看看现在谁持有这个地址，从什么时候开始。",
        },
        command: `kubectl get pods -A -o wide --field-selector ${shellCommand(`status.podIP=${address}`)}`,
      },
      ...(nodes.length > 1 ? [overlappingRanges] : staleReservation(address, pods)),
    ],
  };
}

/**
 * Subject: the first pod by namespace and name, part: the address; affected: every pod that holds it.
 * Code: duplicate-address (fail). Both address families count. Not counted: pods on the host network, finished pods,
 * pods all of whose containers have ended for good (deleted, or restartPolicy Never): between two restarts the address
 * is still held. Terminating pods that still run count.
 */
export const check = defineCheck({
  id: "kubernetes/duplicate-pod-ip",
  version: 1,
  title: { en: "Pods sharing an address", "zh-CN": "多个 Pod 使用同一地址" },
  why: {
    en: "When two running pods hold one address, some of their connections go to the wrong process. Probes, Services and policies then act on the wrong pod, and nothing in either pod's log says so.",
    "zh-CN":
      "两个运行中的 Pod 持有同一地址时，一部分连接会到达错误的进程。探针、Service 和网络策略也会作用在错误的 Pod 上，而双方日志里都看不出来。",
  },
  remedy: {
    en: "Find which pod the node's allocator still knows, delete the other one, then repair the allocator's records before the next pod starts there.",
    "zh-CN": "找出节点分配器仍有记录的 Pod，删除另一个，并在该节点启动新 Pod 之前修复分配记录。",
  },
  params: z.object({}),
  needs: { pods: kubernetes.list(kinds.Pod, pick) },
  judge: ({ pods }) => {
    const holders = new Map<string, AddressedPod[]>();
    for (const pod of pods)
      for (const address of pod.addresses) {
        const known = holders.get(address);
        if (known) known.push(pod);
        else holders.set(address, [pod]);
      }
    const shared = [...holders].filter(([, sharing]) => sharing.length > 1);
    shared.sort(([a], [b]) => compare(a, b));
    return {
      findings: shared.map(([address, sharing]) => sharedAddress(address, sharing)),
      measurements: [
        { name: "pod-addresses", value: holders.size, unit: "{addresses}" },
        { name: "shared-addresses", value: shared.length, unit: "{addresses}", fail: { above: 0 } },
      ],
    };
  },
});
