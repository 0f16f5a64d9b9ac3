import { holdsAddress, rangeSize, usedPercent } from "#common/kubernetes/ip-range.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { MapNode, MapService } from "./network-objects.ts";
import { nodeSubjects } from "./network-overlaps.ts";
import { nodeRangesIn, type Ranges, usableAddresses } from "./network-ranges.ts";

/** How much is left of each range. */

export type Fill = {
  text: string;
  used: number;
  usable: bigint;
  percent: number;
  node?: string;
  /** of several ranges that serve together, each by itself */
  parts?: Fill[];
};
export type Room = { services: Fill[]; pools: Fill[]; nodeRanges: Fill[]; nodes: Fill[] };
type Addressed = { node: string; ips: string[] };

function fill(text: string, used: number, usable: bigint, node?: string): Fill {
  return { text, used, usable, percent: usedPercent(used, usable), ...(node !== undefined && { node }) };
}

/** Ranges of one family serve together: while one has room, the others may be full. */
function ofFamilies(fills: Fill[]): Fill[] {
  const families = Map.groupBy(fills, ({ text }) => text.includes(":"));
  return [...families.values()].map((family) => ({
    ...fill(
      family.map(({ text }) => text).join(", "),
      family.reduce((sum, { used }) => sum + used, 0),
      family.reduce((sum, { usable }) => sum + usable, 0n),
    ),
    parts: family,
  }));
}

/** `fromNodes`: pods get their addresses from their node's range, else from pools as a whole. */
export function roomOf(
  { services, used, ofNodes }: Ranges,
  clusterIps: readonly MapService[],
  pods: readonly Addressed[],
  fromNodes: boolean,
): Room {
  const ips = new Set(clusterIps.flatMap((service) => service.ips));
  const perNode = new Map<string, string[]>();
  for (const pod of pods) {
    const known = perNode.get(pod.node);
    if (known) known.push(...pod.ips);
    else perNode.set(pod.node, [...pod.ips]);
  }
  const countIn = (addresses: Iterable<string>, range: (typeof ofNodes)[number]["range"]) =>
    new Set([...addresses].filter((ip) => holdsAddress(range, ip))).size;
  return {
    services: ofFamilies(
      services.map(({ range, text }) =>
        fill(text, countIn(ips, range), usableAddresses(range, range.version === 4 ? 2 : 1)),
      ),
    ),
    pools: fromNodes
      ? []
      : ofFamilies(
          used.map(({ range, text }) =>
            fill(text, countIn([...perNode.values()].flat(), range), rangeSize(range)),
          ),
        ),
    nodeRanges: fromNodes
      ? used.flatMap(({ range, text }) => {
          const count = nodeRangesIn(range, ofNodes);
          return count ? [fill(text, count.given, BigInt(count.all))] : [];
        })
      : [],
    nodes: fromNodes
      ? ofNodes.map(({ node, range, text }) =>
          fill(text, countIn(perNode.get(node.name) ?? [], range), usableAddresses(range, 3), node.name),
        )
      : [],
  };
}

const verdictOf = ({ used, usable }: Fill) => (BigInt(used) >= usable ? "fail" : "warn");
const observed = ({ used, usable, percent }: Fill) => `${used} of ${usable} (${percent} %)`;

function ofServices(one: Fill, most: number): Finding {
  return {
    verdict: verdictOf(one),
    code: "range-nearly-full",
    subject: { kind: "Network", name: "services", part: one.text },
    message: {
      en: `The Service range ${one.text} has ${one.used} of ${one.usable} addresses in use. When it is full no Service can be created.`,
      "zh-CN": `Service 网段 ${one.text} 的 ${one.usable} 个地址已用 ${one.used} 个，用完后就再也建不了 Service。`,
    },
    observed: observed(one),
    expected: { en: `at most ${most} %`, "zh-CN": `不超过 ${most} %` },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "From Kubernetes 1.33 on a second range is one object: a ServiceCIDR with a free range. On older servers delete Services nobody uses; the range itself is a flag of the API server that cannot simply be changed.",
          "zh-CN":
            "从 Kubernetes 1.33 起，新建一个 ServiceCIDR 对象即可追加一段空闲网段。更早的版本只能删掉没人用的 Service；网段本身是 API Server 的启动参数，不能随意改。",
        },
      },
      {
        purpose: "verify",
        text: { en: "The ranges that Services get addresses from.", "zh-CN": "查看 Service 取地址的网段。" },
        command: "kubectl get servicecidrs",
      },
    ],
  };
}

function ofPods(one: Fill, most: number, unit: "addresses" | "node-ranges"): Finding {
  const whole = unit === "addresses";
  return {
    verdict: verdictOf(one) === "fail" && whole ? "fail" : "warn",
    code: whole ? "range-nearly-full" : "node-ranges-nearly-used",
    subject: { kind: "Network", name: "pods", part: one.text },
    message: whole
      ? {
          en: `The pod range ${one.text} has ${one.used} of ${one.usable} addresses in use. When it is full new pods stay in ContainerCreating.`,
          "zh-CN": `Pod 网段 ${one.text} 的 ${one.usable} 个地址已用 ${one.used} 个，用完后新 Pod 会停在 ContainerCreating。`,
        }
      : {
          en: `Of the pod range ${one.text} ${one.used} of ${one.usable} node ranges are given. A node that joins after the last one gets no range, and its pods no network.`,
          "zh-CN": `Pod 网段 ${one.text} 一共能切出 ${one.usable} 个节点网段，已分出 ${one.used} 个。之后再加入的节点分不到网段，上面的 Pod 就没有网络。`,
        },
    observed: observed(one),
    expected: { en: `at most ${most} %`, "zh-CN": `不超过 ${most} %` },
    remedy: [
      {
        purpose: "fix",
        text: whole
          ? {
              en: "Add a second pool to the network plugin (a Calico IPPool, another range in Cilium's cluster-pool list).",
              "zh-CN":
                "给网络插件增加第二个地址池（Calico 新建 IPPool，Cilium 在 cluster-pool 列表里加一段）。",
            }
          : {
              en: "Give new nodes a smaller range (--node-cidr-mask-size of the controller manager, as far as their pods allow), or move the plugin to address pools of its own, before the next node joins.",
              "zh-CN":
                "在下一个节点加入之前，让新节点分到更小的网段（controller-manager 的 --node-cidr-mask-size，前提是够放 Pod），或改用网络插件自己的地址池。",
            },
      },
    ],
  };
}

function ofNode(one: Fill, most: number): Finding {
  const name = one.node ?? "";
  return {
    verdict: verdictOf(one),
    code: "node-range-nearly-full",
    subject: { kind: "Node", name, part: one.text },
    message: {
      en: `Node ${name} has given ${one.used} of the ${one.usable} pod addresses of ${one.text}. When none is left its next pods wait for an address.`,
      "zh-CN": `节点 ${name} 的网段 ${one.text} 共有 ${one.usable} 个 Pod 地址，已分出 ${one.used} 个。分完之后，新调度来的 Pod 只能等地址。`,
    },
    observed: observed(one),
    expected: { en: `at most ${most} %`, "zh-CN": `不超过 ${most} %` },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "The pods that hold them.", "zh-CN": "占着这些地址的 Pod。" },
        command: shellCommand(
          ...["kubectl", "get", "pods", "--all-namespaces", "--output", "wide"],
          ...["--field-selector", `spec.nodeName=${name}`],
        ),
      },
      {
        purpose: "fix",
        text: {
          en: "Cordon the node so that no more pods come, or lower its maxPods below the size of its range. A node that must hold more needs a larger range, and gets it only by joining anew.",
          "zh-CN":
            "先给节点加禁止调度，别再往上放 Pod；或把 kubelet 的 maxPods 调到网段容量以下。如果确实要放更多，只能让节点带着更大的网段重新加入。",
        },
        command: shellCommand("kubectl", "cordon", name),
      },
    ],
  };
}

/** More pods allowed on a node than its range has addresses for, once for the whole cluster. */
function tooManyAllowed(nodes: readonly MapNode[], room: Room): Finding[] {
  const usable = new Map(
    room.nodes.filter(({ text }) => !text.includes(":")).map((one) => [one.node ?? "", one] as const),
  );
  const short = nodes.flatMap((node) => {
    const range = usable.get(node.name);
    return range && BigInt(node.maxPods) > range.usable ? [{ node, range }] : [];
  });
  const [first] = short.toSorted((a, b) => (a.node.name < b.node.name ? -1 : 1));
  if (!first) return [];
  return [
    {
      verdict: "warn",
      code: "range-below-max-pods",
      subject: { kind: "Network", name: "pods", part: "maxPods" },
      affected: nodeSubjects(short.map(({ node }) => node.name)),
      message: {
        en: `${short.length === 1 ? "1 node allows" : `${short.length} nodes allow`} more pods than the range has addresses: ${first.node.name} takes ${first.node.maxPods} pods, ${first.range.text} has ${first.range.usable}.`,
        "zh-CN": `${short.length} 个节点允许的 Pod 数超过网段容量：${first.node.name} 允许 ${first.node.maxPods} 个，而 ${first.range.text} 只有 ${first.range.usable} 个地址。`,
      },
      observed: {
        en: `maxPods ${first.node.maxPods}, ${first.range.usable} addresses`,
        "zh-CN": `maxPods ${first.node.maxPods}，${first.range.usable} 个地址`,
      },
      expected: {
        en: `maxPods at most ${first.range.usable}`,
        "zh-CN": `maxPods 不超过 ${first.range.usable}`,
      },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Set maxPods in the kubelet's configuration to what the range holds, then restart the kubelet.",
            "zh-CN": "把 kubelet 配置里的 maxPods 调到网段放得下的数目，然后重启 kubelet。",
          },
        },
      ],
    },
  ];
}

export function roomFindings(room: Room, nodes: readonly MapNode[], most: number): Finding[] {
  const full = (one: Fill) => one.percent > most;
  return [
    ...room.services.filter(full).map((one) => ofServices(one, most)),
    ...room.pools.filter(full).map((one) => ofPods(one, most, "addresses")),
    ...room.nodeRanges.filter(full).map((one) => ofPods(one, most, "node-ranges")),
    ...room.nodes.filter(full).map((one) => ofNode(one, most)),
    ...tooManyAllowed(nodes, room),
  ];
}
