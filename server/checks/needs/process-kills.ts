import type { Finding } from "#common/result.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";
import { isUnread, type Unread } from "./need.ts";
import { notReadFinding } from "./not-read.ts";

/**
 * Processes that the kernel killed inside containers that went on. Status and events say nothing of them: the counter of
 * the kubelet's cAdvisor does, which begins anew with each container and never shows the end of a main process.
 */

export const killLines = ["container_oom_events_total{"] as const;

const counted = /^container_oom_events_total\{(.*)\} ([\d.e+]+)/;

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

/** `answered`: the nodes whose kubelets told */
export type ProcessKills = { answered: string[]; kills: { key: string; count: number }[] };

/** By "namespace/pod container"; lines of pods, groups and pause containers have no container of their own. */
export function parseProcessKills(answers: KubernetesSingleValues["kubernetes.nodes"]): ProcessKills {
  const kills = new Map<string, number>();
  for (const { text } of answers)
    for (const line of text.split("\n")) {
      const [, labels = "", value = ""] = counted.exec(line) ?? [];
      const container = labelOf(labels, "container");
      const count = Number(value);
      if (container === "" || container === "POD" || !(count > 0)) continue;
      const key = `${labelOf(labels, "namespace")}/${labelOf(labels, "pod")} ${container}`;
      kills.set(key, (kills.get(key) ?? 0) + count);
    }
  return {
    answered: answers.map(({ node }) => node),
    kills: [...kills].map(([key, count]) => ({ key, count })),
  };
}

/**
 * Counters that were not read are no zeros. Only of a credential that may not ask kubelets, which most should not, is
 * nothing said here: what was read of the target says so.
 */
export function unreadKills(kills: ProcessKills | Unread, nodes: readonly { name: string }[]): Finding[] {
  if (isUnread(kills)) return kills.unread.code === "forbidden" ? [] : notReadFinding("process kills", kills);
  const answered = new Set(kills.answered);
  const silent = nodes.flatMap(({ name }) => (answered.has(name) ? [] : [name])).toSorted();
  if (silent.length === 0) return [];
  const names = silent.slice(0, 3).join(", ");
  const more = silent.length - 3;
  return [
    {
      verdict: "unknown",
      code: "not-read",
      subject: { kind: "Cluster", name: "cluster", part: "process kills" },
      message: {
        en: `Not looked at: processes killed inside containers of ${silent.length} ${silent.length === 1 ? "node, whose kubelet" : "nodes, whose kubelets"} gave no whole answer (${names}${more > 0 ? ` and ${more} more` : ""}).`,
        "zh-CN": `没有检查：${silent.length} 个节点上容器内被杀的进程，kubelet 没有给出完整的应答（${names.replaceAll(", ", "、")}${more > 0 ? `，另有 ${more} 个` : ""}）。`,
      },
      observed: {
        en: `${answered.size} of ${nodes.length} kubelets answered`,
        "zh-CN": `${nodes.length} 个 kubelet 中有 ${answered.size} 个应答`,
      },
    },
  ];
}
