import type { DrainFacts } from "#common/kubernetes/drain-facts.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { compare } from "./owners.ts";

const cacheName = "node-local-dns";

/** A cache on some nodes only is worse than none: pods of the others may be told to ask it all the same. */
export function nodeLocalDnsFindings({ nodes, pods }: DrainFacts, expected: boolean): Finding[] {
  const caches = pods.filter(
    ({ labels, owner }) => labels["k8s-app"] === cacheName && owner?.kind === "DaemonSet",
  );
  const [first] = caches;
  const subject = {
    kind: "DaemonSet",
    namespace: first?.namespace ?? "kube-system",
    name: first?.owner?.name ?? cacheName,
  };
  if (!first)
    return expected
      ? [
          {
            ...{ verdict: "warn", code: "no-node-local-dns", subject },
            message: {
              en: "There is no node-local DNS cache. When DNS pods move during an upgrade, pods wait out their resolver's timeout.",
              "zh-CN": "没有节点本地 DNS 缓存。升级时 DNS 的 Pod 一挪动，应用就要等到解析超时。",
            },
            observed: {
              en: "no pods with k8s-app=node-local-dns",
              "zh-CN": "没有带 k8s-app=node-local-dns 的 Pod",
            },
            expected: { en: "one on each node", "zh-CN": "每个节点一个" },
          },
        ]
      : [];
  const served = new Set(caches.filter(({ ready }) => ready).map(({ node }) => node));
  const missing = nodes
    .filter(({ name, ready }) => ready && !served.has(name))
    .map(({ name }) => name)
    .sort(compare);
  if (missing.length === 0) return [];
  return [
    {
      ...{ verdict: "warn", code: "node-local-dns-gap", subject },
      affected: {
        count: missing.length,
        sample: missing.slice(0, 50).map((name) => ({ kind: "Node", name })),
      },
      message: {
        en: `The node-local DNS cache is not ready on ${missing.length} of ${nodes.length} nodes: ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " …" : ""}. Where kubelets hand its address to pods, names do not resolve there.`,
        "zh-CN": `${nodes.length} 个节点中有 ${missing.length} 个没有就绪的节点本地 DNS 缓存：${missing.slice(0, 3).join("、")}${missing.length > 3 ? " 等" : ""}。如果 kubelet 把它的地址给了 Pod，那里的域名解析会失败。`,
      },
      observed: {
        en: `ready on ${nodes.length - missing.length} of ${nodes.length} nodes`,
        "zh-CN": `${nodes.length} 个节点中有 ${nodes.length - missing.length} 个就绪`,
      },
      expected: { en: "ready on every node", "zh-CN": "每个节点都就绪" },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Its selector, tolerations and pods.", "zh-CN": "看它的选择器、容忍和 Pod。" },
          command: shellCommand(
            "kubectl",
            "describe",
            "daemonset",
            subject.name,
            "--namespace",
            subject.namespace,
          ),
        },
      ],
    },
  ];
}
