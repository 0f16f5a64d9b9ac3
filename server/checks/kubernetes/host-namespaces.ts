import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { groupByOwner, type OwnerGroup, podCount, showOwner } from "../needs/owner-groups.ts";
import { affectedPods, type OwnedPod, ownerNeeds, ownerResolver, pickOwner } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

type SharingPod = OwnedPod & {
  pid: boolean;
  ipc: boolean;
  network: boolean;
  /** containers that have every right on the node */
  privileged: string[];
  /** the kubelet's own pods, and those of a DaemonSet: agents of the node */
  agent: boolean;
};

function pick({ metadata, spec, status }: Pod): SharingPod | undefined {
  const { hostPID: pid = false, hostIPC: ipc = false, hostNetwork: network = false } = spec ?? {};
  const ended = status?.phase === "Succeeded" || status?.phase === "Failed";
  if (ended || !(pid || ipc || network)) return undefined;
  const owned = pickOwner(metadata);
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const privileged = all.filter(({ securityContext }) => securityContext?.privileged).map(({ name }) => name);
  const agent = owned.owner?.kind === "DaemonSet" || owned.owner?.kind === "Node";
  return { ...owned, pid, ipc, network, privileged, agent };
}

const codes = ["node-root", "host-pid", "host-ipc", "host-network"] as const;
type Code = (typeof codes)[number];

/** The worst of them alone: whoever may enter the node's processes has its network as well. */
function codeOf(pod: SharingPod): Code | undefined {
  if (pod.pid) return pod.privileged.length > 0 ? "node-root" : "host-pid";
  if (pod.ipc) return "host-ipc";
  // an agent of the node (a proxy, a network plugin, an exporter) has its business there
  return pod.network && !pod.agent ? "host-network" : undefined;
}

function words(code: Code, count: number, containers: string): Text {
  const pods = podCount(count);
  const verb = count === 1 ? ["shares", "has"] : ["share", "have"];
  if (code === "node-root")
    return {
      en: `${pods.en} ${verb[0]} the node's process namespace and ${verb[1]} a privileged container (${containers}): one nsenter into process 1, and whoever is in there is root on the node.`,
      "zh-CN": `${pods["zh-CN"]}共用节点的进程命名空间，又有特权容器（${containers}）：在里面对 1 号进程执行一次 nsenter，就成了节点上的 root。`,
    };
  if (code === "host-pid")
    return {
      en: `${pods.en} ${verb[0]} the node's process namespace: every process of the node and of other pods can be seen there, its command line included, and with enough rights be signalled or entered.`,
      "zh-CN": `${pods["zh-CN"]}共用节点的进程命名空间：能看到节点和其他 Pod 的所有进程及其命令行，权限足够时还能发信号或进入它们。`,
    };
  if (code === "host-ipc")
    return {
      en: `${pods.en} ${verb[0]} the node's IPC namespace: shared memory and semaphores of other programs are within reach.`,
      "zh-CN": `${pods["zh-CN"]}共用节点的 IPC 命名空间：其他程序的共享内存和信号量都能被访问到。`,
    };
  return {
    en: `${pods.en} of an ordinary workload ${verb[0]} the node's network: NetworkPolicies do not hold for them, ports collide with the node's, and what listens on 127.0.0.1 of the node is open to them.`,
    "zh-CN": `普通工作负载的 ${pods["zh-CN"]}共用节点网络：NetworkPolicy 对它们不起作用，端口会与节点冲突，节点上只监听 127.0.0.1 的服务也向它们敞开。`,
  };
}

const fields: Record<Code, string> = {
  "node-root": "hostPID: true, privileged: true",
  "host-pid": "hostPID: true",
  "host-ipc": "hostIPC: true",
  "host-network": "hostNetwork: true",
};

function finding({ owner, what: code, pods }: OwnerGroup<SharingPod, Code>): Finding {
  const containers = [...new Set(pods.flatMap(({ privileged }) => privileged))].join(", ");
  const field = fields[code].split(":")[0] ?? "";
  return {
    verdict: code === "node-root" ? "fail" : "warn",
    code,
    subject: owner,
    affected: affectedPods(pods),
    message: words(code, pods.length, containers),
    observed: fields[code],
    expected: `${field}: false`,
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "See who asked for it, and what the programs in there need of the node.",
          "zh-CN": "看看是谁这样配置的，里面的程序到底需要节点上的什么。",
        },
        command: shellCommand(...showOwner(owner)),
      },
      {
        purpose: "fix",
        text: {
          en: `Take ${field} out of the pod template where ${owner.kind} ${owner.name} is defined. For a look from time to time use kubectl debug, which leaves nothing behind; an agent that has to have it belongs in a DaemonSet of a namespace that few may write to.`,
          "zh-CN": `在定义 ${owner.kind} ${owner.name} 的地方，从 Pod 模板里去掉 ${field}。偶尔排查用 kubectl debug 即可，不留痕迹；确实需要它的代理程序应做成 DaemonSet，放进只有少数人能写的命名空间。`,
        },
      },
      {
        purpose: "verify",
        text: {
          en: "A namespace that enforces the baseline standard refuses such pods from the start; a dry run says which ones it would refuse.",
          "zh-CN": "命名空间强制 baseline 标准后，一开始就会拒绝这种 Pod；先试运行，看看会拒绝哪些。",
        },
        command: shellCommand(
          ...["kubectl", "label", "namespace", owner.namespace ?? "", "--dry-run=server", "--overwrite"],
          "pod-security.kubernetes.io/enforce=baseline",
        ),
      },
    ],
  };
}

const namesOf = (text: string) => text.split(/[\s,]+/).filter((name) => name !== "");

/**
 * Subject: the owner people deploy; affected: its pods. One finding per owner, of the worst code that applies:
 * node-root (fail: hostPID and a privileged container), host-pid, host-ipc, host-network (warn; not of DaemonSets and
 * static pods). Pods that have ended, and namespaces that are trusted by the parameter, are left out.
 */
export const check = defineCheck({
  id: "kubernetes/host-namespaces",
  version: 1,
  title: { en: "Pods in the node's namespaces", "zh-CN": "共用节点命名空间的 Pod" },
  why: {
    en: "A pod with hostPID, hostIPC or hostNetwork stands outside of the walls that a container is made of. What breaks into it is on the node.",
    "zh-CN":
      "带 hostPID、hostIPC 或 hostNetwork 的 Pod，站在了容器赖以隔离的围墙之外。谁攻破它，谁就到了节点上。",
  },
  remedy: {
    en: "Keep the node's namespaces for the few agents that need them, and let Pod Security refuse the rest.",
    "zh-CN": "节点的命名空间只留给少数确有需要的代理程序，其余的交给 Pod Security 拒绝。",
  },
  params: z.object({
    trustedNamespaces: param(z.string().max(1000).default("kube-system"), {
      label: { en: "Namespaces whose pods may", "zh-CN": "允许这样做的命名空间" },
      help: { en: "Separated by commas or spaces", "zh-CN": "用逗号或空格分隔" },
    }),
  }),
  needs: { pods: kubernetes.list(kinds.Pod, pick), ...ownerNeeds },
  judge: ({ pods, ...owners }, { trustedNamespaces }) => {
    const trusted = namesOf(trustedNamespaces);
    const strangers = pods.filter(({ namespace }) => !trusted.includes(namespace));
    const codesOf = (pod: SharingPod) => codeOf(pod) ?? [];
    const groups = groupByOwner(
      strangers,
      ownerResolver(owners),
      (pod) => [codesOf(pod)].flat(),
      (code) => code,
    );
    return {
      findings: groups.map(finding),
      measurements: [
        { name: "pods-in-node-namespaces", value: pods.length, unit: "{pods}" },
        {
          name: "pods-in-node-process-namespace",
          value: pods.filter(({ pid }) => pid).length,
          unit: "{pods}",
        },
      ],
    };
  },
});
