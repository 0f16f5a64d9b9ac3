import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { type MeshId, type MeshUse, meshNames } from "./mesh-proxies.ts";
import type { Mesh } from "./mesh-summary.ts";
import { affectedPods, compare } from "./owners.ts";

const meshesOf = ({ proxies }: MeshUse) => [
  ...new Set(proxies.filter((one) => !one.shared).map(({ mesh }) => mesh)),
];

/** Two proxies in one pod fight over the same iptables chains. */
export function twoProxies(pods: readonly MeshUse[], ownerOf: (pod: MeshUse) => Subject): Finding[] {
  const groups = new Map<string, { owner: Subject; pods: MeshUse[] }>();
  for (const pod of pods.filter((one) => meshesOf(one).length > 1)) {
    const owner = ownerOf(pod);
    const key = `${owner.namespace}/${owner.kind}/${owner.name}`;
    const group = groups.get(key) ?? { owner, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  const sorted = [...groups].sort(([a], [b]) => compare(a, b));
  return sorted.map(([, { owner, pods: both }]) => {
    const names = [...new Set(both.flatMap(meshesOf))].map((id) => meshNames[id]);
    return {
      verdict: "fail",
      code: "two-proxies",
      subject: owner,
      affected: affectedPods(both),
      message: {
        en: `${both.length === 1 ? "A pod carries" : `${both.length} pods carry`} the proxies of ${names.join(" and ")}: both redirect the same connections, and what arrives where depends on whose rules came last.`,
        "zh-CN": `${both.length} 个 Pod 同时带着 ${names.join("、")} 的代理：双方都会重定向同样的连接，结果取决于谁的规则后写入。`,
      },
      observed: names.join(", "),
      expected: { en: "one mesh", "zh-CN": "一个网格" },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Switch one injector off for this pod template: sidecar.istio.io/inject=false (label), linkerd.io/inject=disabled, consul.hashicorp.com/connect-inject=false (annotations) or kuma.io/sidecar-injection=disabled (label).",
            "zh-CN":
              "在 Pod 模板上关掉其中一个注入器：sidecar.istio.io/inject=false（标签）、linkerd.io/inject=disabled、consul.hashicorp.com/connect-inject=false（注解）或 kuma.io/sidecar-injection=disabled（标签）。",
          },
          command: shellCommand(
            "kubectl",
            "edit",
            owner.kind.toLowerCase(),
            owner.name,
            "--namespace",
            owner.namespace ?? "",
          ),
        },
      ],
    };
  });
}

/** Namespaces whose pods belong to different meshes. A pod with two proxies has a finding of its own. */
export function mixedNamespaces(pods: readonly MeshUse[]): Finding[] {
  const seen = new Map<string, Map<MeshId, number>>();
  for (const pod of pods) {
    const [mesh, second] = meshesOf(pod);
    if (!mesh || second) continue;
    const counts = seen.get(pod.namespace) ?? new Map<MeshId, number>();
    seen.set(pod.namespace, counts.set(mesh, (counts.get(mesh) ?? 0) + 1));
  }
  const mixed = [...seen].filter(([, counts]) => counts.size > 1).sort(([a], [b]) => compare(a, b));
  return mixed.map(([name, counts]) => {
    const words = [...counts]
      .map(([mesh, count]) => `${meshNames[mesh]} ${count}`)
      .sort(compare)
      .join(", ");
    return {
      verdict: "warn",
      code: "mixed-namespace",
      subject: { kind: "Namespace", name },
      message: {
        en: `Pods of this namespace belong to different meshes (${words}). Between them traffic is neither encrypted nor counted by either.`,
        "zh-CN": `该命名空间的 Pod 属于不同的网格（${words}）。它们之间的流量，哪一个网格都不加密，也不统计。`,
      },
      observed: words,
      expected: { en: "one mesh a namespace", "zh-CN": "每个命名空间一个网格" },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "See which workloads are where; finish the migration or take it back.",
            "zh-CN": "看清哪些工作负载在哪个网格，然后把迁移做完，或者退回去。",
          },
          command: shellCommand(
            ...["kubectl", "get", "pods", "--namespace", name, "--output"],
            "custom-columns=POD:.metadata.name,CONTAINERS:.spec.containers[*].name,INIT:.spec.initContainers[*].name",
          ),
        },
      ],
    };
  });
}

/** Without requests the scheduler places pods as if their proxies were free of charge. */
export function withoutRequests(pods: readonly MeshUse[]): Finding[] {
  const groups = new Map<string, { namespace: string; mesh: MeshId; pods: MeshUse[] }>();
  for (const pod of pods)
    for (const { mesh, cpu, memory } of pod.proxies) {
      if (cpu && memory) continue;
      const key = `${pod.namespace}/${mesh}`;
      const group = groups.get(key) ?? { namespace: pod.namespace, mesh, pods: [] };
      if (!group.pods.includes(pod)) group.pods.push(pod);
      groups.set(key, group);
    }
  const sorted = [...groups].sort(([a], [b]) => compare(a, b));
  return sorted.map(([, { namespace, mesh, pods: bare }]) => ({
    verdict: "warn",
    code: "proxy-without-requests",
    subject: { kind: "Namespace", name: namespace, part: meshNames[mesh] },
    affected: affectedPods(bare),
    message: {
      en: `${bare.length === 1 ? "A proxy requests" : `${bare.length} proxies of ${meshNames[mesh]} request`} no CPU or no memory: the cost of the mesh is invisible to the scheduler, and the proxy is the first to starve.`,
      "zh-CN": `${bare.length} 个 ${meshNames[mesh]} 代理没有请求 CPU 或内存：调度器看不到网格的开销，节点紧张时代理最先挨饿。`,
    },
    observed: { en: "no request", "zh-CN": "没有 request" },
    expected: { en: "requests near the proxy's usual use", "zh-CN": "request 接近代理的平常用量" },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See what the proxies use.", "zh-CN": "先看代理实际用了多少。" },
        command: shellCommand("kubectl", "top", "pods", "--namespace", namespace, "--containers"),
      },
      {
        purpose: "fix",
        text: {
          en: "Set requests for all proxies in the configuration of the mesh, or for one workload with annotations (Istio: sidecar.istio.io/proxyCPU and proxyMemory; Linkerd: config.linkerd.io/proxy-cpu-request and proxy-memory-request), then restart the pods.",
          "zh-CN":
            "在网格配置里为所有代理设置 request，或用注解为单个工作负载设置（Istio：sidecar.istio.io/proxyCPU 和 proxyMemory；Linkerd：config.linkerd.io/proxy-cpu-request 和 proxy-memory-request），然后重启 Pod。",
        },
      },
    ],
  }));
}

const ended: Partial<Record<MeshId, string>> = { osm: "2023", appmesh: "2026" };

export function retired(meshes: readonly Mesh[]): Finding[] {
  return meshes.flatMap(({ id, byNamespace, controlNamespaces, total }): Finding[] => {
    const year = ended[id];
    if (!year) return [];
    const [namespace = ""] = [...controlNamespaces, ...[...byNamespace.keys()].sort(compare)];
    return [
      {
        verdict: "warn",
        code: "mesh-retired",
        subject: { kind: "Namespace", name: namespace, part: meshNames[id] },
        message: {
          en: `${meshNames[id]} ended in ${year}: its ${total.proxies} proxies get no more fixes.`,
          "zh-CN": `${meshNames[id]} 已于 ${year} 年终止：它的 ${total.proxies} 个代理不会再有任何修复。`,
        },
        observed: {
          en: `${meshNames[id]}, ${total.proxies} proxies`,
          "zh-CN": `${meshNames[id]}，${total.proxies} 个代理`,
        },
        expected: { en: "a mesh that is maintained, or none", "zh-CN": "仍在维护的网格，或不用" },
      },
    ];
  });
}
