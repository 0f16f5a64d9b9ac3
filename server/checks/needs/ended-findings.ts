import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Kill, Meaning, Termination } from "#common/kubernetes/termination.ts";
import { nextStep } from "#common/kubernetes/termination-steps.ts";
import { describeEnd } from "#common/kubernetes/termination-words.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { worstVerdict } from "#common/verdict.ts";
import type { EndedContainer, EndedPod } from "./ended-pods.ts";
import { affectedPods, compare, statusOf } from "./owners.ts";

/** One end of one container, and what it comes to. */
export type EndedCase = {
  pod: EndedPod;
  container: EndedContainer;
  end: Termination;
  meaning: Meaning;
  kills: Kill[];
  verdict: "pass" | "warn" | "fail";
};

export type EndedGroup = { owner: Subject; meaning: Meaning; cases: EndedCase[] };

export function endedFinding(
  { owner, meaning, cases }: EndedGroup,
  eventsRead: boolean,
): Finding | undefined {
  const sorted = cases.toSorted(
    (a, b) => compare(a.pod.name, b.pod.name) || compare(b.end.finishedAt ?? "", a.end.finishedAt ?? ""),
  );
  const verdict = worstVerdict(cases.map((one) => one.verdict));
  const shown = sorted.find((one) => one.verdict === verdict);
  if (!shown || verdict === "unknown" || verdict === "skip") return undefined;
  const { pod, container, end } = shown;
  const pods = [...new Map(cases.map((one) => [one.pod.name, one.pod])).values()];
  const restarts = pods.reduce(
    (sum, each) => sum + (each.containers.find(({ name }) => name === container.name)?.restarts ?? 0),
    0,
  );
  return {
    verdict,
    code: meaning,
    subject: { ...owner, part: container.name },
    affected: affectedPods(pods),
    message: describeEnd(meaning, { end, pod, kills: shown.kills, eventsRead, role: container.role }),
    observed: {
      en: `exit code ${end.exitCode}, reason ${end.reason ?? "none"}; ${restarts} restart${restarts === 1 ? "" : "s"}${pods.length > 1 ? ` in ${pods.length} pods` : ""}`,
      "zh-CN": `退出码 ${end.exitCode}，reason ${end.reason ?? "无"}；${pods.length > 1 ? `${pods.length} 个 Pod 共` : ""}重启 ${restarts} 次`,
    },
    expected:
      container.role === "init" || pod.finished
        ? { en: "exit code 0", "zh-CN": "退出码 0" }
        : { en: "keeps running", "zh-CN": "持续运行" },
    evidence: [
      {
        source: statusOf(pod),
        excerpt: JSON.stringify({
          container: container.name,
          restartCount: container.restarts,
          ...(container.waiting && { waiting: container.waiting }),
          terminated: end,
          ...(pod.podReason && { podReason: pod.podReason, podMessage: pod.podMessage }),
          ...(pod.disruption !== undefined && { DisruptionTarget: pod.disruption }),
        }),
      },
      ...shown.kills.map((kill) => ({
        source: {
          en: `events of pods/${pod.name} (namespace ${pod.namespace})`,
          "zh-CN": `pods/${pod.name} 的事件（命名空间 ${pod.namespace}）`,
        },
        excerpt: {
          en: `Killing, ${kill.cause}: ${kill.count} ${kill.count === 1 ? "time" : "times"}, last at ${kill.at}`,
          "zh-CN": `Killing，${kill.cause}：${kill.count} 次，最近一次 ${kill.at}`,
        },
      })),
    ],
    remedy: steps(shown),
  };
}

function steps({ pod, container, end, meaning }: EndedCase): RemedyStep[] {
  const place = ["--namespace", pod.namespace];
  const which = ["--container", container.name, ...(end === container.current ? [] : ["--previous"])];
  const over = pod.finished || pod.deleted;
  return [
    meaning === "start-error"
      ? {
          purpose: "inspect",
          text: {
            en: "There is no log of a container that never started: read its state.",
            "zh-CN": "从未启动的容器没有日志：看它的状态。",
          },
          command: shellCommand("kubectl", "describe", "pod", pod.name, ...place),
        }
      : {
          purpose: "inspect",
          text: { en: "Read the last lines before it ended.", "zh-CN": "看看它结束前的最后几行日志。" },
          command: shellCommand("kubectl", "logs", pod.name, ...place, ...which, "--tail", "50"),
        },
    { purpose: "fix", text: nextStep(meaning) },
    over
      ? {
          purpose: "verify",
          text: {
            en: "What replaces it runs, or ends with code 0.",
            "zh-CN": "替代它的 Pod 正常运行，或以退出码 0 结束。",
          },
          command: shellCommand("kubectl", "get", "pods", ...place),
        }
      : {
          purpose: "verify",
          text: { en: "The restart count stays where it is.", "zh-CN": "重启次数不再增加。" },
          command: shellCommand("kubectl", "get", "pod", pod.name, ...place),
        },
  ];
}
