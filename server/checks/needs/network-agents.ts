import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { Setup } from "./network-setup.ts";

/** The network plugin's own pods, and who handles Services. */

export function agentNotReady({ set }: Setup): Finding[] {
  if (!set || set.desired === 0 || set.ready >= set.desired) return [];
  const { namespace, name, ready, desired } = set;
  return [
    {
      verdict: ready === 0 ? "fail" : "warn",
      code: "plugin-not-ready",
      subject: { kind: "DaemonSet", namespace, name },
      message: {
        en: `The network plugin ${namespace}/${name} is ready on ${ready} of ${desired} nodes. On the others no new pod gets a network.`,
        "zh-CN": `网络插件 ${namespace}/${name} 只在 ${desired} 个节点中的 ${ready} 个上就绪，其余节点上新建的 Pod 得不到网络。`,
      },
      observed: { en: `${ready} of ${desired} ready`, "zh-CN": `${desired} 个中有 ${ready} 个就绪` },
      expected: { en: `${desired} ready`, "zh-CN": `${desired} 个就绪` },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Which nodes lack it, and why.", "zh-CN": "看缺在哪些节点上，以及原因。" },
          command: shellCommand("kubectl", "describe", "daemonset", name, "--namespace", namespace),
        },
      ],
    },
  ];
}

/** kube-proxy beside a plugin that does its work: both write rules for the same Services. */
export function twoProxies({ proxy, proxySet }: Setup): Finding[] {
  if (proxy !== "ebpf" || !proxySet || proxySet.desired === 0) return [];
  const { namespace, name, desired } = proxySet;
  return [
    {
      verdict: "warn",
      code: "two-service-proxies",
      subject: { kind: "DaemonSet", namespace, name },
      message: {
        en: `Cilium replaces kube-proxy, yet ${namespace}/${name} runs on ${desired} nodes: both handle the same Services, and a packet may meet either.`,
        "zh-CN": `Cilium 已接管 kube-proxy 的工作，但 ${namespace}/${name} 仍在 ${desired} 个节点上运行：两者处理同一批 Service，报文走哪边说不准。`,
      },
      observed: {
        en: `kube-proxy-replacement is on, ${desired} kube-proxy pods wanted`,
        "zh-CN": `kube-proxy-replacement 已开启，又要求 ${desired} 个 kube-proxy Pod`,
      },
      expected: { en: "one of the two", "zh-CN": "二者取一" },
    },
  ];
}
