import { overlap, portName } from "#common/kubernetes/host-port.ts";
import { mayRunOn, type PlacementNode } from "#common/kubernetes/placement.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import type { PortPod, Workload } from "./host-port-claims.ts";
import { affectedPods, compare } from "./owners.ts";

/** Two pods with the same host port cannot share a node, so there can be no more of them than eligible nodes. */
export function crowded(workloads: Workload[], nodes: PlacementNode[]): Finding[] {
  return workloads.flatMap(({ replicas, ports, rules, ...subject }): Finding[] => {
    const eligible = nodes.filter((node) => mayRunOn(rules, node)).length;
    if (replicas <= eligible) return [];
    const labels = ports.map(portName).join(", ");
    return [
      {
        verdict: "fail",
        code: "too-many-replicas",
        subject,
        message: {
          en: `${replicas === 1 ? "1 replica claims" : `${replicas} replicas claim`} host port ${labels}, but ${eligible === 0 ? "no node is" : eligible === 1 ? "only 1 node is" : `only ${eligible} nodes are`} eligible: ${replicas - eligible} can never be placed.`,
          "zh-CN": `${replicas} 个副本都要占用主机端口 ${labels}，但符合条件的节点只有 ${eligible} 个：有 ${replicas - eligible} 个永远调度不上。`,
        },
        observed: {
          en: `${replicas} replica${replicas === 1 ? "" : "s"}, ${eligible} of ${nodes.length} nodes eligible`,
          "zh-CN": `${replicas} 个副本，${nodes.length} 个节点中有 ${eligible} 个可用`,
        },
        expected: {
          en: `at most ${eligible} replica${eligible === 1 ? "" : "s"}`,
          "zh-CN": `不超过 ${eligible} 个副本`,
        },
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Ask for no more replicas than nodes, make more nodes eligible, or use a DaemonSet or a Service in place of the host port.",
              "zh-CN":
                "副本数不要超过节点数，或让更多节点符合条件；也可以改用 DaemonSet，或用 Service 代替主机端口。",
            },
            ...(eligible > 0 && {
              command: shellCommand(
                ...["kubectl", "scale", `${subject.kind.toLowerCase()}/${subject.name}`],
                ...["--namespace", subject.namespace ?? "", `--replicas=${eligible}`],
              ),
            }),
          },
        ],
      },
    ];
  });
}

export function waiting(owner: Subject, pods: PortPod[], all: PortPod[]): Finding {
  const [first] = pods.toSorted((a, b) => compare(a.name, b.name));
  const wanted = first?.ports ?? [];
  const holders = all.filter(
    (pod) => pod.node !== "" && pod.ports.some((port) => wanted.some((want) => overlap(port, want))),
  );
  const names = affectedPods(holders)
    .sample.slice(0, 5)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  const labels = wanted.map(portName).join(", ");
  return {
    verdict: "fail",
    code: "no-free-port",
    subject: owner,
    affected: affectedPods(pods),
    message: {
      en: `${pods.length === 1 ? "A pod waits" : `${pods.length} pods wait`} for a node on which host port ${labels} is free.${names.length > 0 ? ` It is held by ${names.join(", ")}.` : ""}`,
      "zh-CN": `${pods.length} 个 Pod 在等待主机端口 ${labels} 空闲的节点。${names.length > 0 ? `目前占用者:${names.join("、")}。` : ""}`,
    },
    observed: {
      en: `Unschedulable; held by ${names.length > 0 ? names.join(", ") : "unknown pods"}`,
      "zh-CN": `Unschedulable；端口被 ${names.length > 0 ? names.join("、") : "未知的 Pod"} 占用`,
    },
    expected: { en: "a node with the port free", "zh-CN": "有一个节点的该端口空闲" },
    evidence: [
      {
        source: {
          en: `pods/${first?.name} status.conditions PodScheduled (namespace ${first?.namespace})`,
          "zh-CN": `pods/${first?.name} 的 status.conditions PodScheduled（命名空间 ${first?.namespace}）`,
        },
        excerpt: first?.refused ?? "",
      },
    ],
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Free the port, choose another one, or let more nodes take the pod.",
          "zh-CN": "腾出端口，换一个端口，或让更多节点可以接纳这个 Pod。",
        },
      },
      {
        purpose: "verify",
        text: { en: "The pod has a node.", "zh-CN": "Pod 已经分配到节点。" },
        command: shellCommand(
          "kubectl",
          "get",
          "pod",
          first?.name ?? "",
          "--namespace",
          first?.namespace ?? "",
          "--output",
          "wide",
        ),
      },
    ],
  };
}
