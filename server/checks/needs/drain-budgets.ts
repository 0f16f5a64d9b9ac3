import type { DrainCluster, PlacedPod } from "#common/kubernetes/drain-cluster.ts";
import type { DrainBudget } from "#common/kubernetes/drain-facts.ts";
import { selectorMatches, selectorText } from "#common/kubernetes/label-selector.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { allowedStep, lookAt, loosen } from "./drain-budget-steps.ts";
import { type ServedGroup, serviceNames, subjectKey } from "./drain-group.ts";
import { groupLabels } from "./drain-spread.ts";
import { affectedPods, compare } from "./owners.ts";

/** Pods that some controller would make, were it not scaled to zero. */
export type IdleTemplate = { namespace: string; labels: Record<string, string> };

const subjectOf = ({ namespace, name }: DrainBudget): Subject => ({
  ...{ kind: "PodDisruptionBudget", namespace, name },
});
const countWords = (count: number) => (count === 1 ? "1 pod" : `${count} pods`);

/** Served by several pods, and nothing limits how many of them may be evicted at once. */
export function unprotected(cluster: DrainCluster, groups: ServedGroup[], minReplicas: number): Finding[] {
  return groups.flatMap((group): Finding[] => {
    const { owner, pods, services } = group;
    if (owner.kind === "Pod" || pods.length < minReplicas || pods.some(({ budgets }) => budgets.length > 0))
      return [];
    const names = serviceNames(cluster, services).join(", ");
    const place = ["--namespace", owner.namespace ?? ""];
    const selector = selectorText({ matchLabels: groupLabels(cluster, group) });
    return [
      {
        verdict: "warn",
        code: "no-budget",
        subject: owner,
        affected: affectedPods(pods.map(({ facts }) => facts)),
        message: {
          en: `${pods.length} pods behind Service ${names} and no disruption budget: a drain of several nodes may evict all of them in the same second.`,
          "zh-CN": `Service ${names} 背后有 ${pods.length} 个 Pod，但没有中断预算：同时驱逐几个节点时，它们可能在同一秒全部被赶走。`,
        },
        observed: { en: "no PodDisruptionBudget", "zh-CN": "没有 PodDisruptionBudget" },
        expected: { en: "a budget that allows at least 1 disruption", "zh-CN": "至少允许 1 次中断的预算" },
        remedy: [
          {
            purpose: "fix",
            text: {
              en: "Let one at a time go. Keep it in the manifests next to the workload.",
              "zh-CN": "限制一次只能赶走一个，并把它和工作负载放在同一份清单里。",
            },
            command: shellCommand(
              ...["kubectl", "create", "poddisruptionbudget", owner.name, ...place],
              ...[`--selector=${selector}`, "--max-unavailable=1"],
            ),
          },
          allowedStep(owner.namespace ?? "", owner.name),
        ],
      },
    ];
  });
}

/** Budgets that let nothing go, for good or for longer than a rollout takes. */
export function blocking({ budgets, pods }: DrainCluster, now: Date, minutes: number): Finding[] {
  return budgets.flatMap((budget, index): Finding[] => {
    if (budget.allowed > 0 || budget.expected === 0) return [];
    const covered = pods.filter((pod) => pod.budgets.includes(index)).map(({ facts }) => facts);
    const forGood = budget.desired >= budget.expected;
    const { expected, healthy, desired, rule, blockedSince } = budget;
    if (!forGood && blockedSince && now.getTime() - Date.parse(blockedSince) < minutes * 60_000) return [];
    const unready = covered.filter(({ ready }) => !ready).length;
    return [
      {
        verdict: forGood ? "fail" : "warn",
        code: forGood ? "budget-allows-nothing" : "budget-exhausted",
        subject: subjectOf(budget),
        affected: affectedPods(covered),
        message: forGood
          ? {
              en: `${rule} for ${countWords(expected)} means that ${desired} must be healthy: not one may ever be evicted. A drain of any of their nodes waits for ever.`,
              "zh-CN": `${expected} 个 Pod 配上 ${rule}，意味着必须有 ${desired} 个健康：一个都赶不走。驱逐它们所在的任何节点都会一直等下去。`,
            }
          : {
              en: `${healthy} of ${expected} pods are healthy and ${rule} asks for ${desired}: at present none may be evicted, and a drain waits.`,
              "zh-CN": `${expected} 个 Pod 中有 ${healthy} 个健康，而 ${rule} 要求 ${desired} 个：眼下一个都不能驱逐，驱逐节点会一直等待。`,
            },
        observed: `disruptionsAllowed 0, currentHealthy ${healthy}, desiredHealthy ${desired}, expectedPods ${expected}`,
        expected: { en: "disruptionsAllowed at least 1", "zh-CN": "disruptionsAllowed 至少为 1" },
        remedy: [
          ...(forGood ? loosen(budget) : lookAt(budget, unready)),
          allowedStep(budget.namespace, budget.name),
        ],
      },
    ];
  });
}

/** Budgets of nobody. Where the workload is only scaled to zero, its budget waits for it. */
export function idleBudgets({ budgets, pods }: DrainCluster, idle: IdleTemplate[]): Finding[] {
  const used = new Set(pods.flatMap((pod) => pod.budgets));
  return budgets.flatMap((budget, index): Finding[] => {
    const { namespace, name, selector, expected, rule } = budget;
    const waits = idle.some((one) => one.namespace === namespace && selectorMatches(selector, one.labels));
    if (used.has(index) || expected > 0 || waits) return [];
    const words = selector ? selectorText(selector) : "";
    return [
      {
        verdict: "warn",
        code: "budget-selects-nothing",
        subject: subjectOf(budget),
        message: {
          en: `No pod of namespace ${namespace} matches ${words === "" ? "its empty selector" : words}: the budget protects nothing.`,
          "zh-CN": `命名空间 ${namespace} 里没有 Pod 匹配${words === "" ? "它的空选择器" : ` ${words}`}：这个预算什么也没保护。`,
        },
        observed: `${rule}, expectedPods 0`,
        expected: { en: "at least 1 pod", "zh-CN": "至少 1 个 Pod" },
        remedy: [
          {
            purpose: "inspect",
            text: { en: "Compare with the labels the pods bear.", "zh-CN": "和 Pod 实际的标签对照。" },
            command: shellCommand("kubectl", "get", "pods", "--namespace", namespace, "--show-labels"),
          },
          {
            purpose: "fix",
            text: {
              en: "Mend the selector. If the workload is gone, the budget may go too.",
              "zh-CN": "改正选择器；如果工作负载已经不在了，就把预算也删掉。",
            },
            command: shellCommand("kubectl", "delete", "poddisruptionbudget", name, "--namespace", namespace),
          },
        ],
      },
    ];
  });
}

/** The eviction API answers a pod with two budgets with an error, always. */
export function overlapping(
  { budgets, pods }: DrainCluster,
  ownerOf: (pod: PlacedPod["facts"]) => Subject,
): Finding[] {
  const groups = new Map<string, { owner: Subject; pods: PlacedPod[]; budgets: Set<number> }>();
  for (const pod of pods) {
    if (pod.budgets.length < 2) continue;
    const owner = ownerOf(pod.facts);
    const group = groups.get(subjectKey(owner)) ?? { owner, pods: [], budgets: new Set() };
    group.pods.push(pod);
    for (const budget of pod.budgets) group.budgets.add(budget);
    groups.set(subjectKey(owner), group);
  }
  return [...groups.values()].map(({ owner, pods: held, budgets: over }): Finding => {
    const names = [...over].map((index) => budgets[index]?.name ?? "").sort(compare);
    const place = ["--namespace", owner.namespace ?? ""];
    return {
      verdict: "fail",
      code: "overlapping-budgets",
      subject: owner,
      affected: affectedPods(held.map(({ facts }) => facts)),
      message: {
        en: `${countWords(held.length)} covered by ${names.length} budgets (${names.join(", ")}). The eviction API does not support that: it answers every eviction with an error, and a drain never ends.`,
        "zh-CN": `${held.length} 个 Pod 同时被 ${names.length} 个预算（${names.join("、")}）覆盖。驱逐接口不支持这种情况：每次驱逐都会报错，驱逐节点永远完不成。`,
      },
      observed: {
        en: `${names.length} budgets: ${names.join(", ")}`,
        "zh-CN": `${names.length} 个预算：${names.join("、")}`,
      },
      expected: { en: "1 budget", "zh-CN": "1 个预算" },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Compare their selectors.", "zh-CN": "对照它们的选择器。" },
          command: shellCommand(
            "kubectl",
            "get",
            "poddisruptionbudget",
            ...names,
            ...place,
            "--output",
            "yaml",
          ),
        },
        {
          purpose: "fix",
          text: {
            en: "Keep the one that says what you mean and delete the rest, or narrow the selectors until they no longer meet.",
            "zh-CN": "留下符合本意的那个，删掉其余的；或者收窄选择器，让它们不再重叠。",
          },
          command: shellCommand("kubectl", "delete", "poddisruptionbudget", names.at(-1) ?? "", ...place),
        },
      ],
    };
  });
}
