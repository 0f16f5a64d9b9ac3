import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { type HostPort, hostPortsOf, overlap, portName } from "#common/kubernetes/host-port.ts";
import {
  mayRunOn,
  type PlacementNode,
  type PlacementRules,
  pickPlacementNode,
  pickPlacementRules,
} from "#common/kubernetes/placement.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import {
  affectedPods,
  compare,
  type OwnedPod,
  ownerNeeds,
  ownerResolver,
  pickOwner,
} from "../needs/owners.ts";

type PortPod = OwnedPod & { node: string; ports: HostPort[]; hostNetwork: boolean; refused?: string };
type NodePort = { namespace: string; name: string; port: number; protocol: string };
type Workload = Subject & { replicas: number; ports: HostPort[]; rules: PlacementRules };

function pickPod(pod: Pod): PortPod | undefined {
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return undefined;
  const ports = hostPortsOf(pod.spec);
  if (ports.length === 0) return undefined;
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const refused = scheduled?.status === "False" ? (scheduled.message ?? "") : "";
  return {
    ...pickOwner(pod.metadata),
    node: pod.spec?.nodeName ?? "",
    ports,
    hostNetwork: pod.spec?.hostNetwork ?? false,
    ...(refused.includes("free ports") && { refused }),
  };
}

function pickService(service: Service): NodePort[] | undefined {
  const { namespace = "", name = "" } = service.metadata ?? {};
  const found = (service.spec?.ports ?? []).flatMap(({ nodePort, protocol = "TCP" }) =>
    nodePort ? [{ namespace, name, port: nodePort, protocol }] : [],
  );
  return found.length > 0 ? found : undefined;
}

function pickWorkload(kind: string): (object: Deployment | StatefulSet) => Workload | undefined {
  return ({ metadata, spec }) => {
    const ports = hostPortsOf(spec?.template.spec);
    if (ports.length === 0) return undefined;
    return {
      kind,
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      replicas: spec?.replicas ?? 1,
      ports,
      rules: pickPlacementRules(spec?.template.spec),
    };
  };
}

/** Pods on one node whose claims overlap: per port and protocol, every pod that overlaps another. */
function conflicts(pods: PortPod[]): Finding[] {
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
          "zh-CN": `${holders.length} 个 Pod 都要占用节点 ${node} 的端口 ${label}:${names.join("、")}。只有一个能收到流量。`,
        },
        observed: `${holders.length} pods: ${names.join(", ")}`,
        expected: "1 pod",
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "On the node, see where the port leads. The first matching rule wins.",
              "zh-CN": "在节点上查看这个端口通向哪里:先匹配的规则生效。",
            },
            command: `sudo iptables-save -t nat | grep -- '--dport ${Number.parseInt(label, 10)} '`,
          },
          {
            purpose: "fix",
            text: {
              en: "Move one of them: another hostPort, or a rule that keeps the two apart. Pods that name their node themselves bypass the scheduler, which would have refused.",
              "zh-CN":
                "让其中一个挪开:换 hostPort,或用调度规则把两者分开。自己写死 nodeName 的 Pod 会绕过调度器,否则调度器早就拒绝了。",
            },
          },
        ],
      },
    ];
  });
}

/** A hostPort that is a Service's nodePort too. Which of the two wins depends on the order of rules on the node. */
function nodePortClashes(pods: PortPod[], services: NodePort[]): Finding[] {
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
          "zh-CN": `Service ${namespace}/${name} 的 nodePort ${label} 同时是 ${affected.count} 个 Pod(${pod})的主机端口。在这些节点上其中一方会拿走全部连接,哪一方取决于规则顺序。`,
        },
        observed: `nodePort ${label} and host port of ${affected.count} pods`,
        expected: "one claimant of the port",
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "On such a node: whichever jump comes first in PREROUTING wins, KUBE-SERVICES or CNI-HOSTPORT-DNAT. In IPVS mode it is always the host port.",
              "zh-CN":
                "在这样的节点上查看:PREROUTING 里 KUBE-SERVICES 和 CNI-HOSTPORT-DNAT 谁的跳转在前谁生效。IPVS 模式下总是主机端口生效。",
            },
            command: "sudo iptables -t nat -S PREROUTING",
          },
          {
            purpose: "fix",
            text: {
              en: "Choose a host port outside the node port range (30000–32767 by default), or another nodePort.",
              "zh-CN": "把主机端口选在 NodePort 范围(默认 30000–32767)之外,或给 Service 换一个 nodePort。",
            },
            command: shellCommand("kubectl", "edit", "service", name, "--namespace", namespace),
          },
        ],
      },
    ];
  });
}

/** Two pods with the same host port cannot share a node, so there can be no more of them than eligible nodes. */
function crowded(workloads: Workload[], nodes: PlacementNode[]): Finding[] {
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
          en: `${replicas} replicas claim host port ${labels}, but only ${eligible} node${eligible === 1 ? " is" : "s are"} eligible: ${replicas - eligible} can never be placed.`,
          "zh-CN": `${replicas} 个副本都要占用主机端口 ${labels},但符合条件的节点只有 ${eligible} 个:有 ${replicas - eligible} 个永远调度不上。`,
        },
        observed: `${replicas} replicas, ${eligible} of ${nodes.length} nodes eligible`,
        expected: `at most ${eligible} replicas`,
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Ask for no more replicas than nodes, make more nodes eligible, or use a DaemonSet or a Service in place of the host port.",
              "zh-CN":
                "副本数不要超过节点数,或让更多节点符合条件;也可以改用 DaemonSet,或用 Service 代替主机端口。",
            },
            command: shellCommand(
              "kubectl",
              "scale",
              `${subject.kind.toLowerCase()}/${subject.name}`,
              "--namespace",
              subject.namespace ?? "",
              `--replicas=${eligible}`,
            ),
          },
        ],
      },
    ];
  });
}

function waiting(owner: Subject, pods: PortPod[], all: PortPod[]): Finding {
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
    observed: `Unschedulable; held by ${names.length > 0 ? names.join(", ") : "unknown pods"}`,
    expected: "a node with the port free",
    evidence: [
      {
        source: `pods/${first?.name} status.conditions PodScheduled (namespace ${first?.namespace})`,
        excerpt: first?.refused ?? "",
      },
    ],
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Free the port, choose another one, or let more nodes take the pod.",
          "zh-CN": "腾出端口,换一个端口,或让更多节点可以接纳这个 Pod。",
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

/**
 * Subjects and codes (all fail):
 * - port-conflict: the Node, part: "<port>/<protocol>"; affected: the pods on it whose claims overlap.
 * - node-port-clash: the Service, part: "<nodePort>/<protocol>"; affected: the pods with that host port.
 * - too-many-replicas: the Deployment or StatefulSet with more replicas than eligible nodes; no part.
 * - no-free-port: the owner (see ownerResolver) of Pending pods refused for their ports; affected: those pods. Not for
 *   an owner that already has too-many-replicas: it is the same cause.
 * Finished pods claim nothing. On the host network declared container ports are host ports.
 */
export const check = defineCheck({
  id: "kubernetes/host-ports",
  version: 1,
  title: { en: "Host ports that clash", "zh-CN": "主机端口冲突" },
  why: {
    en: "A host port can be held once per node. A second claimant is never placed, or is placed and silently loses its traffic to the other; nothing listens on the port, so ss and netstat show neither.",
    "zh-CN":
      "一个主机端口在每个节点上只能被占用一次。第二个占用者要么永远调度不上,要么跑起来了却悄悄丢掉流量;这个端口上没有进程监听,ss 和 netstat 都看不到。",
  },
  remedy: {
    en: "Give each claimant its own port, spread them over enough nodes, or expose the pods through a Service.",
    "zh-CN": "给每个占用者单独的端口,提供足够的节点,或改用 Service 暴露。",
  },
  params: z.object({}),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickPod),
    services: kubernetes.list(kinds.Service, pickService),
    nodes: kubernetes.list(kinds.Node, pickPlacementNode),
    deployments: kubernetes.list(kinds.Deployment, pickWorkload("Deployment")),
    statefulSets: kubernetes.list(kinds.StatefulSet, pickWorkload("StatefulSet")),
    ...ownerNeeds,
  },
  judge: ({ pods, services, nodes, deployments, statefulSets, ...owners }) => {
    const ownerOf = ownerResolver(owners);
    const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;
    const tooMany = crowded([...deployments, ...statefulSets], nodes);
    const explained = new Set(tooMany.map(({ subject }) => keyOf(subject)));
    const refused = new Map<string, { owner: Subject; pods: PortPod[] }>();
    for (const pod of pods) {
      if (pod.refused === undefined) continue;
      const owner = ownerOf(pod);
      if (explained.has(keyOf(owner))) continue;
      const group = refused.get(keyOf(owner)) ?? { owner, pods: [] };
      group.pods.push(pod);
      refused.set(keyOf(owner), group);
    }
    const findings = [
      ...conflicts(pods),
      ...nodePortClashes(pods, services.flat()),
      ...tooMany,
      ...[...refused.values()].map((group) => waiting(group.owner, group.pods, pods)),
    ];
    findings.sort((a, b) => compare(a.code, b.code) || compare(keyOf(a.subject), keyOf(b.subject)));
    return {
      findings,
      measurements: [{ name: "pods-with-host-ports", value: pods.length, unit: "{pods}" }],
    };
  },
});
