import { holdsAddress } from "#common/kubernetes/ip-range.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { DnsSlice, MapNode, MapService, SandboxEvent, WaitingPod } from "./network-objects.ts";
import { nodeSubjects } from "./network-overlaps.ts";
import type { Ranges } from "./network-ranges.ts";
import { affectedPods, compare } from "./owners.ts";

/** What does not work now: pods without address, nodes without range, a DNS without pods, agents that are not ready. */

/** Pods of one owner that have been on a node for long and have no address. */
export function withoutAddress(
  owner: Subject,
  pods: readonly WaitingPod[],
  events: readonly SandboxEvent[],
  minutes: number,
): Finding {
  const [first] = pods.toSorted((a, b) => compare(a.name, b.name));
  const names = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`));
  const refused = events.find(({ namespace, pod }) => names.has(`${namespace}/${pod}`));
  const nodes = [...new Set(pods.map(({ node }) => node))].sort(compare);
  const where = nodes.slice(0, 3).join(", ");
  const count = pods.length === 1 ? "1 pod has" : `${pods.length} pods have`;
  return {
    verdict: refused ? "fail" : "warn",
    code: "no-address",
    subject: owner,
    affected: affectedPods(pods),
    message: {
      en: `${count} been on ${where} for more than ${minutes} min without an address.${refused ? " The node cannot set up its network." : " Nothing says that the network refused: a missing volume or a slow node holds a pod back in the same way."}`,
      "zh-CN": `${pods.length} 个 Pod 调度到 ${where} 已超过 ${minutes} 分钟，还没有地址。${refused ? "节点建立 Pod 网络失败。" : "没有网络报错的记录：卷挂不上或节点太慢，也会让 Pod 停在这一步。"}`,
    },
    observed: { en: "no podIP", "zh-CN": "没有 podIP" },
    expected: { en: `an address within ${minutes} min`, "zh-CN": `${minutes} 分钟内分到地址` },
    ...(refused && {
      evidence: [
        {
          source: {
            en: `event FailedCreatePodSandBox, pod ${refused.namespace}/${refused.pod}`,
            "zh-CN": `事件 FailedCreatePodSandBox，Pod ${refused.namespace}/${refused.pod}`,
          },
          excerpt: refused.message,
        },
      ],
    }),
    remedy: [
      {
        purpose: "inspect",
        text: { en: "What the kubelet says about the pod.", "zh-CN": "看 kubelet 怎么说。" },
        command: shellCommand(
          ...["kubectl", "events", "--for", `pod/${first?.name ?? ""}`],
          ...["--namespace", first?.namespace ?? ""],
        ),
      },
      {
        purpose: "inspect",
        text: {
          en: "The network plugin's pod on that node: is it ready, and what does it log?",
          "zh-CN": "看该节点上的网络插件 Pod 是否就绪、日志里有什么。",
        },
        command: shellCommand(
          ...["kubectl", "get", "pods", "--namespace", "kube-system", "--output", "wide"],
          ...["--field-selector", `spec.nodeName=${nodes[0] ?? ""}`],
        ),
      },
    ],
  };
}

/** Nodes that were given no range while others were, a while after they joined. */
export function withoutRange(
  nodes: readonly MapNode[],
  fromNodes: boolean,
  isOld: (at: string) => boolean,
): Finding[] {
  if (!fromNodes) return [];
  return nodes
    .filter(({ ranges, createdAt }) => ranges.length === 0 && isOld(createdAt))
    .map(({ name }) => ({
      verdict: "fail",
      code: "node-without-range",
      subject: { kind: "Node", name },
      message: {
        en: `Node ${name} has no pod range although other nodes have one: pods on it get no address.`,
        "zh-CN": `节点 ${name} 没有分到 Pod 网段，而别的节点都有：上面的 Pod 拿不到地址。`,
      },
      observed: { en: "spec.podCIDR is not set", "zh-CN": "没有 spec.podCIDR" },
      expected: { en: "a range of its own", "zh-CN": "有自己的网段" },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "CIDRNotAvailable means that the pod range is used up; no event at all that nobody gives ranges.",
            "zh-CN": "出现 CIDRNotAvailable 说明 Pod 网段已经分完；什么事件都没有，说明没有谁在分配网段。",
          },
          command: shellCommand("kubectl", "events", "--namespace", "default", "--for", `node/${name}`),
        },
      ],
    }));
}

export function dnsFindings(services: readonly MapService[], slices: readonly DnsSlice[]): Finding[] {
  const dns = services.filter((service) => service.dns);
  if (dns.length === 0)
    return [
      {
        verdict: "warn",
        code: "no-dns-service",
        subject: { kind: "Network", name: "dns" },
        message: {
          en: "No DNS Service was found: neither kube-dns nor CoreDNS in kube-system, nor OpenShift's. Pods cannot find Services by name.",
          "zh-CN":
            "没有找到 DNS Service：kube-system 里没有 kube-dns 或 CoreDNS，也没有 OpenShift 的。Pod 无法按名字找到 Service。",
        },
        observed: { en: "no Service with port 53", "zh-CN": "没有带 53 端口的 Service" },
        expected: { en: "kube-dns in kube-system", "zh-CN": "kube-system 里的 kube-dns" },
      },
    ];
  return dns.flatMap(({ namespace, name, ips }): Finding[] => {
    const own = slices.filter((slice) => slice.namespace === namespace && slice.service === name);
    const notReady = own.reduce((sum, slice) => sum + slice.notReady, 0);
    if (own.some(({ ready }) => ready > 0)) return [];
    return [
      {
        verdict: "fail",
        code: "dns-without-endpoints",
        subject: { kind: "Service", namespace, name },
        message: {
          en: `The DNS Service ${namespace}/${name} (${ips.join(", ")}) has no ready endpoint${notReady > 0 ? `, only ${notReady} that ${notReady === 1 ? "is" : "are"} not ready` : ""}: no pod can resolve a name.`,
          "zh-CN": `DNS Service ${namespace}/${name}（${ips.join("、")}）没有就绪的端点${notReady > 0 ? `，只有 ${notReady} 个未就绪的` : ""}：所有 Pod 都解析不了域名。`,
        },
        observed: { en: `0 ready, ${notReady} not ready`, "zh-CN": `0 个就绪，${notReady} 个未就绪` },
        expected: { en: "at least 1 ready endpoint", "zh-CN": "至少 1 个就绪的端点" },
        remedy: [
          {
            purpose: "inspect",
            text: { en: "The pods behind it.", "zh-CN": "看它背后的 Pod。" },
            command: shellCommand(
              ...["kubectl", "get", "pods", "--namespace", namespace, "--output", "wide"],
              ...(namespace === "kube-system" ? ["--selector", "k8s-app=kube-dns"] : []),
            ),
          },
          {
            purpose: "verify",
            text: { en: "At least one endpoint is ready.", "zh-CN": "至少有一个端点就绪。" },
            command: shellCommand(
              ...["kubectl", "get", "endpointslices", "--namespace", namespace],
              ...["--selector", `kubernetes.io/service-name=${name}`],
            ),
          },
        ],
      },
    ];
  });
}

/** Addresses that no range of the cluster holds: most often another network configuration on the node came first. */
export function outsideRanges(
  pods: readonly { node: string; ips: string[] }[],
  { used, ofNodes }: Ranges,
  fromNodes: boolean,
): Finding[] {
  const own = fromNodes ? Map.groupBy(ofNodes, ({ node }) => node.name) : new Map<string, typeof ofNodes>();
  const wide = used.map(({ range }) => range);
  const known = [...wide, ...(fromNodes ? ofNodes.map(({ range }) => range) : [])];
  if (known.length === 0) return [];
  const families = new Set(known.map(({ version }) => version));
  // Most addresses are in the first ranges asked: those of all nodes are asked last.
  const isKnown = (node: string, ip: string) =>
    [wide, own.get(node)?.map(({ range }) => range) ?? [], known].some((ranges) =>
      ranges.some((range) => holdsAddress(range, ip)),
    );
  const strangers = pods.flatMap(({ node, ips }) => {
    const outside = ips.filter((ip) => families.has(ip.includes(":") ? 6 : 4) && !isKnown(node, ip));
    return outside[0] === undefined ? [] : [{ node, ip: outside[0] }];
  });
  // Most of them: then it is the ranges that are not known, not the pods that are wrong.
  if (strangers.length === 0 || strangers.length * 2 > pods.length) return [];
  const [first] = strangers.toSorted((a, b) => compare(a.node, b.node) || compare(a.ip, b.ip));
  return [
    {
      verdict: "warn",
      code: "address-outside-ranges",
      subject: { kind: "Network", name: "pods" },
      affected: nodeSubjects(strangers.map(({ node }) => node)),
      message: {
        en: `${strangers.length} pod${strangers.length === 1 ? " has an address" : "s have addresses"} outside of every pod range, such as ${first?.ip} on ${first?.node}: another network configuration was first on the node, and other nodes have no route to them.`,
        "zh-CN": `${strangers.length} 个 Pod 的地址不在任何 Pod 网段里，例如 ${first?.node} 上的 ${first?.ip}：多半是节点上另有一份 CNI 配置抢了先，别的节点没有到它的路由。`,
      },
      observed: { en: `${first?.ip} on ${first?.node}`, "zh-CN": `${first?.node} 上的 ${first?.ip}` },
      expected: { en: "an address of a pod range", "zh-CN": "属于 Pod 网段的地址" },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "On the node: the first file by name is the one in use.",
            "zh-CN": "在节点上查看：按文件名排在最前的那份生效。",
          },
          command: "ls -l /etc/cni/net.d",
        },
        {
          purpose: "fix",
          text: {
            en: "Move the stray configuration away and recreate the pods.",
            "zh-CN": "把多余的配置移走，再重建这些 Pod。",
          },
        },
      ],
    },
  ];
}
