import type { KubernetesSingleValues } from "./kubernetes-requests.ts";

/**
 * Processes that the kernel killed inside containers that went on. Status and events say nothing of them: the counter of
 * the kubelet's cAdvisor does, which begins anew with each container and never shows the end of a main process.
 */

export const killLines = ["container_oom_events_total{"] as const;

const counted = /^container_oom_events_total\{(.*)\} ([\d.e+]+)/;

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

export type ProcessKills = { key: string; count: number };

/** By "namespace/pod container"; lines of pods, groups and pause containers have no container of their own. */
export function parseProcessKills(answers: KubernetesSingleValues["kubernetes.nodes"]): ProcessKills[] {
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
  return [...kills].map(([key, count]) => ({ key, count }));
}
