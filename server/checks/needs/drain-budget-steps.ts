import type { DrainBudget } from "#common/kubernetes/drain-facts.ts";
import { selectorText } from "#common/kubernetes/label-selector.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { RemedyStep } from "#common/result.ts";

export function loosen({ namespace, name, expected }: DrainBudget): RemedyStep[] {
  const patch = JSON.stringify({ spec: { maxUnavailable: 1, minAvailable: null } });
  return [
    {
      purpose: "fix",
      text:
        expected === 1
          ? {
              en: "Of a single pod no budget can keep one and let one go: run a second replica, or allow the short outage.",
              "zh-CN": "只有一个 Pod 时，预算没法既保住一个又放走一个：加一个副本，或者接受短暂中断。",
            }
          : { en: "Allow one at a time.", "zh-CN": "改为一次允许一个。" },
      command: shellCommand(
        ...["kubectl", "patch", "poddisruptionbudget", name, "--namespace", namespace],
        ...["--type", "merge", "--patch", patch],
      ),
    },
  ];
}

export function lookAt(
  { namespace, name, selector, unreadyMayGo }: DrainBudget,
  unready: number,
): RemedyStep[] {
  const patch = JSON.stringify({ spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } });
  return [
    {
      purpose: "inspect",
      text: {
        en: "See why some pods are not ready, or missing.",
        "zh-CN": "看看哪些 Pod 没有就绪，或者干脆没有起来。",
      },
      command: shellCommand(
        ...["kubectl", "get", "pods", "--namespace", namespace],
        ...(selector ? ["--selector", selectorText(selector)] : []),
      ),
    },
    ...(unready > 0 && !unreadyMayGo
      ? [
          {
            purpose: "fix" as const,
            text: {
              en: "Let pods that are not ready be evicted in any case (Kubernetes 1.27 or newer): a broken pod then no longer holds up its node.",
              "zh-CN": "允许驱逐未就绪的 Pod（Kubernetes 1.27 及以上）：坏掉的 Pod 就不会再卡住节点。",
            },
            command: shellCommand(
              ...["kubectl", "patch", "poddisruptionbudget", name, "--namespace", namespace],
              ...["--type", "merge", "--patch", patch],
            ),
          },
        ]
      : []),
  ];
}

export function allowedStep(namespace: string, name: string): RemedyStep {
  return {
    purpose: "verify",
    text: { en: "ALLOWED DISRUPTIONS is 1 or more.", "zh-CN": "ALLOWED DISRUPTIONS 至少为 1。" },
    command: shellCommand("kubectl", "get", "poddisruptionbudget", name, "--namespace", namespace),
  };
}
