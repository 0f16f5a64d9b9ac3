import { holdsAddress, holdsRange, type IpRange, rangesMeet } from "#common/kubernetes/ip-range.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { MapNode } from "./network-objects.ts";
import type { Ranges } from "./network-ranges.ts";
import { compare } from "./owners.ts";

/** Addresses that belong to two, and ranges that are not the ones others believe in. */

export function nodeSubjects(names: readonly string[]): { count: number; sample: Subject[] } {
  const sorted = [...new Set(names)].sort(compare);
  return { count: sorted.length, sample: sorted.slice(0, 50).map((name) => ({ kind: "Node", name })) };
}

const readRanges: RemedyStep = {
  purpose: "inspect",
  text: {
    en: "What the nodes were given, and what the cluster was set up with.",
    "zh-CN": "看各节点分到的网段，以及集群安装时填写的网段。",
  },
  command: [
    "kubectl get nodes --output 'custom-columns=NAME:.metadata.name,ADDRESS:.status.addresses[0].address,PODS:.spec.podCIDRs'",
    "kubectl --namespace kube-system get configmap kubeadm-config --output jsonpath='{.data.ClusterConfiguration}'",
  ].join("\n"),
};

const moveRange: RemedyStep = {
  purpose: "fix",
  text: {
    en: "A range in use cannot be changed in place. Add a second, free one (a new ServiceCIDR, a new pool of the network plugin), move the objects over and remove the old one; where the cluster is young, build it anew with ranges that do not meet.",
    "zh-CN":
      "正在使用的网段不能就地修改。先另加一段空闲的（新的 ServiceCIDR 或网络插件的新地址池），把对象迁过去，再删掉旧的；如果集群刚建不久，就换成互不重叠的网段重建。",
  },
};

const network = (name: "pods" | "services", part: string): Subject => ({ kind: "Network", name, part });

export function podsAndServices({ pods, services, ofNodes }: Ranges): Finding[] {
  return services.flatMap((service) => {
    const named = pods.filter(({ range }) => rangesMeet(range, service.range));
    const inNodes = ofNodes.filter(
      ({ range }) => rangesMeet(range, service.range) && !named.some((pod) => holdsRange(pod.range, range)),
    );
    const meeting = [...named.map(({ text }) => text), ...inNodes.slice(0, 3).map(({ text }) => text)];
    if (meeting.length === 0) return [];
    return [
      {
        verdict: "fail",
        code: "range-overlap",
        subject: network("services", service.text),
        ...(inNodes.length > 0 && { affected: nodeSubjects(inNodes.map(({ node }) => node.name)) }),
        message: {
          en: `The Service range ${service.text} meets the pod range ${meeting.join(", ")}: an address in both is a Service to kube-proxy and a pod to the routes, and one of them cannot be reached.`,
          "zh-CN": `Service 网段 ${service.text} 与 Pod 网段 ${meeting.join("、")} 重叠：同一个地址，kube-proxy 当作 Service，路由当作 Pod，必有一方访问不到。`,
        },
        observed: {
          en: `${service.text} (${service.sources.join(", ")}) and ${meeting.join(", ")}`,
          "zh-CN": `${service.text}（${service.sources.join("、")}）与 ${meeting.join("、")}`,
        },
        expected: { en: "ranges that do not meet", "zh-CN": "互不重叠的网段" },
        remedy: [readRanges, moveRange],
      } satisfies Finding,
    ];
  });
}

/** Nodes' own addresses inside a range for pods or Services. */
export function nodesInside({ pods, services, ofNodes }: Ranges, nodes: readonly MapNode[]): Finding[] {
  const claims = [
    ...pods.map((claim) => ({ claim, name: "pods" as const })),
    ...services.map((claim) => ({ claim, name: "services" as const })),
  ];
  if (pods.length === 0)
    for (const { range, text } of ofNodes)
      claims.push({ claim: { range, text, sources: ["spec.podCIDRs"] }, name: "pods" });
  return claims.flatMap(({ claim, name }) => {
    const inside = nodes.filter(({ addresses }) =>
      addresses.some((address) => holdsAddress(claim.range, address)),
    );
    const [first] = inside.toSorted((a, b) => compare(a.name, b.name));
    if (!first) return [];
    const address = first.addresses.find((one) => holdsAddress(claim.range, one)) ?? "";
    const whose = name === "pods" ? { en: "pod", zh: "Pod" } : { en: "Service", zh: "Service" };
    return [
      {
        verdict: "fail",
        code: "node-in-range",
        subject: network(name, claim.text),
        affected: nodeSubjects(inside.map((node) => node.name)),
        message: {
          en: `${inside.length === 1 ? "1 node has" : `${inside.length} nodes have`} an address inside the ${whose.en} range ${claim.text}, ${first.name} with ${address}. Packets to it may end at a pod or a Service, or nowhere.`,
          "zh-CN": `${inside.length} 个节点的地址落在 ${whose.zh} 网段 ${claim.text} 里，例如 ${first.name} 的 ${address}。发往它的报文可能到了别的 Pod 或 Service，也可能无处可去。`,
        },
        observed: {
          en: `${address} in ${claim.text} (${claim.sources.join(", ")})`,
          "zh-CN": `${address} 落在 ${claim.text}（${claim.sources.join("、")}）里`,
        },
        expected: { en: "node addresses outside of it", "zh-CN": "节点地址在它之外" },
        remedy: [readRanges, moveRange],
      } satisfies Finding,
    ];
  });
}

/** One finding for each node whose range meets another node's: the later by name stands for the pair. */
export function nodesAmongThemselves({ ofNodes }: Ranges): Finding[] {
  const sorted = ofNodes.toSorted(
    (a, b) =>
      a.range.version - b.range.version ||
      (a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : 0) ||
      a.range.prefix - b.range.prefix ||
      compare(a.node.name, b.node.name),
  );
  const findings: Finding[] = [];
  let outer = sorted[0];
  for (const inner of sorted.slice(1)) {
    if (!outer || inner.node.name === outer.node.name || !rangesMeet(outer.range, inner.range)) {
      outer = inner;
      continue;
    }
    findings.push({
      verdict: "fail",
      code: "node-ranges-overlap",
      subject: { kind: "Node", name: inner.node.name, part: inner.text },
      affected: nodeSubjects([outer.node.name, inner.node.name]),
      message: {
        en: `Nodes ${outer.node.name} (${outer.text}) and ${inner.node.name} (${inner.text}) give addresses from the same range: two pods will get one address, and the routes lead to only one of the nodes.`,
        "zh-CN": `节点 ${outer.node.name}（${outer.text}）与 ${inner.node.name}（${inner.text}）在分配同一段地址：迟早会有两个 Pod 拿到同一个地址，而路由只通向其中一个节点。`,
      },
      observed: { en: `${outer.text} and ${inner.text}`, "zh-CN": `${outer.text} 与 ${inner.text}` },
      expected: { en: "a range of its own for each node", "zh-CN": "每个节点有自己的网段" },
      remedy: [
        readRanges,
        {
          purpose: "fix",
          text: {
            en: `spec.podCIDR cannot be changed: drain ${inner.node.name}, delete its Node object and restart its kubelet: it registers again and is given a free range.`,
            "zh-CN": `spec.podCIDR 不能修改：先腾空 ${inner.node.name}，删除它的 Node 对象，再重启 kubelet：它会重新注册，并分到空闲网段。`,
          },
          command: [
            shellCommand("kubectl", "drain", inner.node.name, "--ignore-daemonsets"),
            shellCommand("kubectl", "delete", "node", inner.node.name),
          ].join("\n"),
        },
      ],
    });
  }
  return findings;
}

/** Ranges in use that those who must know them (masquerading, routes) do not know. */
export function unknownToOthers({ used, pods, ofNodes }: Ranges, fromNodes: boolean): Finding[] {
  const inUse: { range: IpRange; text: string; node?: string }[] = fromNodes
    ? ofNodes.map(({ range, text, node }) => ({ range, text, node: node.name }))
    : used;
  const believed = pods.filter(({ sources }) =>
    sources.some((source) => /^(kube-proxy|kubeadm-config|kube-controller-manager)$/.test(source)),
  );
  return believed.flatMap(({ range, text, sources }): Finding[] => {
    const family = inUse.filter((one) => one.range.version === range.version);
    const sameFamily = believed.filter((one) => one.range.version === range.version);
    const strangers = family.filter((one) => !sameFamily.some((known) => holdsRange(known.range, one.range)));
    // Reported once, for the first range of the family that is believed in.
    if (strangers.length === 0 || sameFamily[0]?.text !== text) return [];
    const names = [...new Set(strangers.map((one) => one.text))].sort(compare).slice(0, 3).join(", ");
    const nodes = strangers.flatMap(({ node }) => node ?? []);
    return [
      {
        verdict: "warn",
        code: "range-mismatch",
        subject: network("pods", text),
        ...(nodes.length > 0 && { affected: nodeSubjects(nodes) }),
        message: {
          en: `Pods get addresses from ${names}, but ${sources.join(", ")} says ${text}: traffic that ought to stay inside is treated as foreign, and rewritten or refused.`,
          "zh-CN": `Pod 的地址来自 ${names}，而 ${sources.join("、")} 写的是 ${text}：本属集群内部的流量会被当成外来流量，遭到改写或拒绝。`,
        },
        observed: names,
        expected: { en: `inside ${text}`, "zh-CN": `在 ${text} 之内` },
        remedy: [
          readRanges,
          {
            purpose: "fix",
            text: {
              en: "Give all of them the same range: podSubnet of kubeadm, clusterCIDR of kube-proxy, --cluster-cidr of the controller manager and the pool of the network plugin.",
              "zh-CN":
                "让它们填写同一个网段：kubeadm 的 podSubnet、kube-proxy 的 clusterCIDR、controller-manager 的 --cluster-cidr，以及网络插件的地址池。",
            },
          },
        ],
      },
    ];
  });
}
