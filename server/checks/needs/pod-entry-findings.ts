import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import { enterCommand, pidCommand, readContainerId } from "#common/tools/enter-pod.ts";
import { affectedPods, compare } from "./owners.ts";
import type { EntryContainer, EntryNode, EntryPod } from "./pod-entry.ts";

const nodeRuntime = (node: string): RemedyStep => ({
  purpose: "inspect",
  text: {
    en: "On the node: which runtime the kubelet speaks to, and what still runs below the other.",
    "zh-CN": "在节点上查看：kubelet 连的是哪个运行时，另一个下面还有什么在跑。",
  },
  command: `ps -o args= -C kubelet | tr ' ' '\\n' | grep container-runtime-endpoint; sudo crictl ps   # node ${node}`,
});

/** Running containers whose ids name another runtime than their node does: the commands for it find nothing. */
export function mismatches(pods: EntryPod[], nodes: EntryNode[]): Finding[] {
  const nodeOf = new Map(nodes.map((node) => [node.name, node]));
  const groups = new Map<string, { node: EntryNode; scheme: string; pods: EntryPod[] }>();
  for (const pod of pods) {
    const node = nodeOf.get(pod.node);
    for (const scheme of pod.schemes) {
      if (!node || node.runtime === "" || scheme === "" || scheme === node.runtime) continue;
      const key = `${node.name} ${scheme}`;
      const group = groups.get(key) ?? { node, scheme, pods: [] };
      group.pods.push(pod);
      groups.set(key, group);
    }
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(
      ([, { node, scheme, pods }]): Finding => ({
        verdict: "warn",
        code: "runtime-mismatch",
        subject: { kind: "Node", name: node.name, part: scheme },
        affected: affectedPods(pods),
        message: {
          en: `Node ${node.name} says its runtime is ${node.version}, but ${pods.length} running pod${pods.length === 1 ? "" : "s"} there carry ids of ${scheme}: made before a change of runtime, or never reported since.`,
          "zh-CN": `节点 ${node.name} 的运行时是 ${node.version}，但上面 ${pods.length} 个运行中的 Pod 带着 ${scheme} 的容器 ID：它们在更换运行时之前就已创建，或此后再没上报过。`,
        },
        observed: { en: `${scheme}:// on ${node.version}`, "zh-CN": `${node.version} 上的 ${scheme}://` },
        expected: `${node.runtime}://`,
        remedy: [
          nodeRuntime(node.name),
          {
            purpose: "fix",
            text: {
              en: "Drain the node, make sure that nothing runs below the old runtime, and let its pods be made anew.",
              "zh-CN": "先排空节点，确认旧运行时下面没有东西在跑，再让 Pod 重新创建。",
            },
            command: shellCommand("kubectl", "drain", node.name, "--ignore-daemonsets"),
          },
          {
            purpose: "verify",
            text: { en: "Ids and node name the same runtime.", "zh-CN": "容器 ID 与节点给出的运行时一致。" },
            command: shellCommand("kubectl", "get", "node", node.name, "--output", "wide"),
          },
        ],
      }),
    );
}

/** A pod that was asked for and is not there. */
export function noSuchPod(namespace: string, name: string): Finding {
  return {
    verdict: "fail",
    code: "no-such-pod",
    subject: { kind: "Pod", namespace, name },
    message: {
      en: `There is no pod ${name} in namespace ${namespace}.`,
      "zh-CN": `命名空间 ${namespace} 里没有名为 ${name} 的 Pod。`,
    },
    observed: { en: "not found", "zh-CN": "没有找到" },
    expected: { en: "a pod of that name", "zh-CN": "有这个名字的 Pod" },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See which pods there are.", "zh-CN": "看看有哪些 Pod。" },
        command: shellCommand("kubectl", "get", "pods", "--namespace", namespace),
      },
    ],
  };
}

function wayIn(pod: EntryPod, container: EntryContainer, node: EntryNode | undefined): Finding {
  const known = readContainerId(container.id);
  const subject = { kind: "Pod", namespace: pod.namespace, name: pod.name, part: container.name };
  const debug: RemedyStep = {
    purpose: "inspect",
    text: {
      en: "Without a way through the node: a debugging container in the pod's namespaces.",
      "zh-CN": "不经过节点的办法：在 Pod 的命名空间里放一个调试容器。",
    },
    command: shellCommand(
      ...["kubectl", "debug", "--stdin", "--tty", pod.name, "--namespace", pod.namespace],
      ...["--image", "nicolaka/netshoot", "--profile", "netadmin", "--target", container.name],
    ),
  };
  if (!container.running || !known)
    return {
      verdict: "warn",
      code: container.running ? "unknown-runtime" : "not-running",
      subject,
      message: container.running
        ? {
            en: `Container ${container.name} runs on node ${pod.node}, but its id "${container.id}" belongs to no runtime that is known here.`,
            "zh-CN": `容器 ${container.name} 在节点 ${pod.node} 上运行，但它的 ID“${container.id}”不属于这里认识的任何运行时。`,
          }
        : {
            en: `Container ${container.name} does not run, so there is no process whose namespaces could be entered.`,
            "zh-CN": `容器 ${container.name} 没有运行，没有进程的命名空间可进。`,
          },
      observed: container.id === "" ? { en: "no container id", "zh-CN": "没有容器 ID" } : container.id,
      expected: {
        en: "a running container of docker, containerd or cri-o",
        "zh-CN": "docker、containerd 或 cri-o 的运行中容器",
      },
      remedy: [debug],
    };
  const silent = node !== undefined && !node.ready;
  const address = pod.address === "" ? pod.node : `${pod.node} (${pod.address})`;
  return {
    verdict: silent ? "warn" : "pass",
    code: silent ? "node-silent" : "way-in",
    subject,
    message: {
      en: `Container ${container.name} is on node ${address}, runtime ${node?.version || known.runtime}, id ${known.id.slice(0, 12)}.${silent ? " The node does not report to the API server: SSH may be the only way." : ""}`,
      "zh-CN": `容器 ${container.name} 在节点 ${address}，运行时 ${node?.version || known.runtime}，ID ${known.id.slice(0, 12)}。${silent ? "该节点没有向 API server 汇报：可能只能用 SSH。" : ""}`,
    },
    observed: container.id,
    expected: { en: "a process to enter", "zh-CN": "有可进入的进程" },
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: `On node ${address}: from the id to the process, and into its network.`,
          "zh-CN": `在节点 ${address} 上：由 ID 找到进程，进入它的网络。`,
        },
        command: enterCommand(`"$(${pidCommand(known.runtime, known.id)})"`, "net", ["ip", "address"]),
      },
      debug,
    ],
  };
}

export function waysIn(pod: EntryPod, nodes: EntryNode[]): Finding[] {
  const node = nodes.find(({ name }) => name === pod.node);
  return (pod.containers ?? []).map((container) => wayIn(pod, container, node));
}
