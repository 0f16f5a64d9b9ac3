import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { shellCommand, shellWord } from "#common/kubernetes/shell.ts";
import type { RemedyStep } from "#common/result.ts";
import type { Carrier } from "./network-setup.ts";

/** Where a pod's packets can be seen, with the commands for it. */

export type CapturedPod = {
  node: string;
  address: string;
  hostNetwork: boolean;
  phase: string;
  /** running containers, with the ids their runtime knows them by */
  containers: { name: string; scheme: string; id: string }[];
};

export function pickCapturedPod({ spec, status }: Pod): CapturedPod {
  return {
    node: spec?.nodeName ?? "",
    address: status?.podIP ?? "",
    hostNetwork: spec?.hostNetwork ?? false,
    phase: status?.phase ?? "Unknown",
    containers: (status?.containerStatuses ?? [])
      .filter(({ state, containerID }) => state?.running && containerID)
      .map(({ name, containerID = "" }) => {
        const [scheme = "", id = ""] = containerID.split("://");
        return { name, scheme, id };
      }),
  };
}

type Target = CapturedPod & { namespace: string; name: string };

function ephemeral({ namespace, name }: Target): RemedyStep {
  return {
    purpose: "inspect",
    text: {
      en: "In the pod, by an ephemeral container: no restart, and it stays listed until the pod goes.",
      "zh-CN": "在 Pod 里，用临时容器：不用重启，它会一直列在 Pod 里直到 Pod 消失。",
    },
    command: shellCommand(
      ...["kubectl", "debug", name, "--namespace", namespace, "--image=nicolaka/netshoot"],
      ...["--profile=netadmin", "--stdin", "--tty", "--", "tcpdump", "-n", "-i", "eth0", "-c", "1000"],
    ),
  };
}

/** The container's process leads into the pod's network, whatever the runtime calls the sandbox. */
function fromNode({ node, name, containers: [first] }: Target): RemedyStep[] {
  if (!first) return [];
  const pid =
    first.scheme === "docker"
      ? shellCommand("sudo", "docker", "inspect", "--format", "{{.State.Pid}}", first.id)
      : shellCommand(
          "sudo",
          "crictl",
          "inspect",
          "--output",
          "go-template",
          "--template",
          "{{.info.pid}}",
          first.id,
        );
  const file = shellWord(`/tmp/${name}.pcap`);
  return [
    {
      purpose: "inspect",
      text: {
        en: `On node ${node}, with the node's tcpdump in the pod's network (container ${first.name}, ${first.scheme}).`,
        "zh-CN": `在节点 ${node} 上，用节点自己的 tcpdump 进入 Pod 的网络（容器 ${first.name}，${first.scheme}）。`,
      },
      command: [
        `PID=$(${pid})`,
        `sudo nsenter --target "$PID" --net tcpdump -n -i eth0 -c 1000 -s 128 -w ${file}`,
      ].join("\n"),
    },
    {
      purpose: "inspect",
      text: {
        en: "The interface at the node's end of this pod's cable, by its number, and a capture on it.",
        "zh-CN": "按编号找出这个 Pod 在节点一端的网卡，并在上面抓包。",
      },
      command: [
        `PID=$(${pid})`,
        `N=$(sudo nsenter --target "$PID" --net ip -o link show dev eth0 | sed 's/.*@if\\([0-9]*\\):.*/\\1/')`,
        `INTERFACE=$(ip -o link | sed -n "s/^$N: \\([^@:]*\\).*/\\1/p")`,
        'sudo tcpdump -n -i "$INTERFACE" -c 1000 -s 128',
      ].join("\n"),
    },
  ];
}

const wrapped: Partial<Record<Carrier, { filter: string; en: string; zh: string }>> = {
  vxlan: { filter: "udp port 8472 or udp port 4789", en: "VXLAN", zh: "VXLAN" },
  geneve: { filter: "udp port 6081", en: "Geneve", zh: "Geneve" },
  ipip: { filter: "ip proto 4", en: "IP in IP", zh: "IPIP" },
  wireguard: { filter: "udp port 51820", en: "WireGuard, encrypted", zh: "WireGuard，已加密" },
};

function betweenNodes({ node, address }: Target, carrier: Carrier): RemedyStep {
  const wrapper = wrapped[carrier];
  return {
    purpose: "inspect",
    text: wrapper
      ? {
          en: `Between nodes, on ${node}'s own interface: the outer packets (${wrapper.en}). Replace eth0 with its name.`,
          "zh-CN": `跨节点时，在 ${node} 自己的网卡上看外层报文（${wrapper.zh}）。eth0 换成实际网卡名。`,
        }
      : {
          en: `Between nodes, on ${node}'s own interface: the pod's own address, as far as nothing is wrapped. Replace eth0 with its name.`,
          "zh-CN": `跨节点时，在 ${node} 自己的网卡上看 Pod 的地址（不封装的网络）。eth0 换成实际网卡名。`,
        },
    command: shellCommand(
      ...["sudo", "tcpdump", "-n", "-i", "eth0", "-c", "1000", "-s", "128"],
      ...(carrier === "vxlan" ? ["-T", "vxlan"] : []),
      wrapper?.filter ?? `host ${address}`,
    ),
  };
}

export function captureSteps(target: Target, carrier: Carrier): RemedyStep[] {
  if (target.hostNetwork)
    return [
      {
        purpose: "inspect",
        text: {
          en: `The pod is on the host network: its packets are those of node ${target.node}. Filter by its ports. Replace eth0 with the interface's name.`,
          "zh-CN": `Pod 用的是主机网络，它的报文就是节点 ${target.node} 的报文，请按端口过滤。eth0 换成实际网卡名。`,
        },
        command: shellCommand("sudo", "tcpdump", "-n", "-i", "eth0", "-c", "1000", "-s", "128"),
      },
    ];
  return [ephemeral(target), ...fromNode(target), betweenNodes(target, carrier)];
}
