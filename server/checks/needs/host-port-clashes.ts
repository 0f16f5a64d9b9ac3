import { type HostPort, overlap } from "#common/kubernetes/host-port.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { NodePort, PortPod } from "./host-port-claims.ts";
import { affectedPods } from "./owners.ts";

/** Pods on one node whose claims overlap: per port and protocol, every pod that overlaps another. */
export function conflicts(pods: PortPod[]): Finding[] {
  const claims = new Map<string, { node: string; label: string; held: { pod: PortPod; port: HostPort }[] }>();
  for (const pod of pods)
    for (const port of pod.node === "" ? [] : pod.ports) {
      const label = `${port.port}/${port.protocol}`;
      const key = `${pod.node} ${label}`;
      const claim = claims.get(key) ?? { node: pod.node, label, held: [] };
      claim.held.push({ pod, port });
      claims.set(key, claim);
    }
  return [...claims.values()].flatMap(({ node, label, held }): Finding[] => {
    const clashing = held.filter((one) =>
      held.some((other) => other.pod !== one.pod && overlap(one.port, other.port)),
    );
    const holders = [...new Set(clashing.map(({ pod }) => pod))];
    if (holders.length < 2) return [];
    const affected = affectedPods(holders);
    const names = affected.sample.slice(0, 5).map(({ namespace, name }) => `${namespace}/${name}`);
    return [
      {
        verdict: "fail",
        code: "port-conflict",
        subject: { kind: "Node", name: node, part: label },
        affected,
        message: {
          en: `${holders.length} pods claim port ${label} of node ${node}: ${names.join(", ")}. Only one of them gets its traffic.`,
          "zh-CN": `${holders.length} 个 Pod 都要占用节点 ${node} 的端口 ${label}：${names.join("、")}。只有一个能收到流量。`,
        },
        observed: {
          en: `${holders.length} pods: ${names.join(", ")}`,
          "zh-CN": `${holders.length} 个 Pod：${names.join("、")}`,
        },
        expected: { en: "1 pod", "zh-CN": "1 个 Pod" },
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "On the node, see where the port leads. The first matching rule wins.",
              "zh-CN": "在节点上查看这个端口通向哪里：先匹配的规则生效。",
            },
            command: `sudo iptables-save -t nat | grep -- '--dport ${Number.parseInt(label, 10)} '`,
          },
          {
            purpose: "fix",
            text: {
              en: "Move one of them: another hostPort, or a rule that keeps the two apart. Pods that name their node themselves bypass the scheduler, which would have refused.",
              "zh-CN":
                "让其中一个挪开：换 hostPort，或用调度规则把两者分开。自己写死 nodeName 的 Pod 会绕过调度器，否则调度器早就拒绝了。",
            },
          },
        ],
      },
    ];
  });
}

/** A hostPort that is a Service's nodePort too. Which of the two wins depends on the order of rules on the node. */
export function nodePortClashes(pods: PortPod[], services: NodePort[]): Finding[] {
  const byPort = new Map<string, PortPod[]>();
  for (const pod of pods)
    for (const { port, protocol } of pod.ports) {
      const known = byPort.get(`${port}/${protocol}`) ?? [];
      if (!known.includes(pod)) byPort.set(`${port}/${protocol}`, [...known, pod]);
    }
  return services.flatMap(({ namespace, name, port, protocol }): Finding[] => {
    const label = `${port}/${protocol}`;
    const claimants = byPort.get(label);
    if (!claimants) return [];
    const affected = affectedPods(claimants);
    const [first] = affected.sample;
    const pod = `${first?.namespace}/${first?.name}`;
    return [
      {
        verdict: "fail",
        code: "node-port-clash",
        subject: { kind: "Service", namespace, name, part: label },
        affected,
        message: {
          en: `nodePort ${label} of Service ${namespace}/${name} is also the host port of ${affected.count} pod${affected.count === 1 ? "" : "s"} (${pod}). On those nodes one of the two takes all connections, and which one depends on rule order.`,
          "zh-CN": `Service ${namespace}/${name} 的 nodePort ${label} 同时是 ${affected.count} 个 Pod（${pod}）的主机端口。在这些节点上其中一方会拿走全部连接，哪一方取决于规则顺序。`,
        },
        observed: {
          en: `nodePort ${label} and host port of ${affected.count} pod${affected.count === 1 ? "" : "s"}`,
          "zh-CN": `nodePort ${label}，同时是 ${affected.count} 个 Pod 的主机端口`,
        },
        expected: { en: "one claimant of the port", "zh-CN": "这个端口只有一个使用者" },
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "On such a node: whichever jump comes first in PREROUTING wins, KUBE-SERVICES or CNI-HOSTPORT-DNAT. In IPVS mode it is always the host port.",
              "zh-CN":
                "在这样的节点上查看：PREROUTING 里 KUBE-SERVICES 和 CNI-HOSTPORT-DNAT 谁的跳转在前谁生效。IPVS 模式下总是主机端口生效。",
            },
            command: "sudo iptables -t nat -S PREROUTING",
          },
          {
            purpose: "fix",
            text: {
              en: "Choose a host port outside the node port range (30000–32767 by default), or another nodePort.",
              "zh-CN": "把主机端口选在 NodePort 范围（默认 30000–32767）之外，或给 Service 换一个 nodePort。",
            },
            command: shellCommand("kubectl", "edit", "service", name, "--namespace", namespace),
          },
        ],
      },
    ];
  });
}
