import { z } from "zod";
import { shellCommand } from "#common/kubernetes/shell.ts";
import { type Kill, type Meaning, meaningOf, type Termination } from "#common/kubernetes/termination.ts";
import { describeEnd, nextStep } from "#common/kubernetes/termination-words.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { worstVerdict } from "#common/verdict.ts";
import { defineCheck, type JudgeContext } from "../define-check.ts";
import {
  type EndedContainer,
  type EndedPod,
  type PodKill,
  pickEndedPod,
  pickFinishedJob,
  pickKill,
} from "../needs/ended-pods.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { affectedPods, compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

type Case = {
  pod: EndedPod;
  container: EndedContainer;
  end: Termination;
  meaning: Meaning;
  kills: Kill[];
  verdict: "pass" | "warn" | "fail";
};

/** Ends that come from outside and do not come back by themselves. */
const oneOff = new Set<Meaning>([
  "evicted",
  "deadline-exceeded",
  "node-shutdown",
  "disrupted",
  "killed-on-delete",
  "status-lost",
]);

type Rules = { loopRestarts: number; recentMinutes: number };

/** Waiting in CrashLoopBackOff, or started again often and lately: a loop shows as running between two crashes. */
function looping({ restarts, waiting }: EndedContainer, end: Termination, rules: Rules, now: Date): boolean {
  if (waiting === "CrashLoopBackOff") return true;
  const agoMs = now.getTime() - Date.parse(end.finishedAt ?? "");
  return restarts >= rules.loopRestarts && agoMs < rules.recentMinutes * 60_000;
}

function verdictOf(
  one: Omit<Case, "verdict">,
  rules: Rules,
  now: Date,
  jobComplete: boolean,
): Case["verdict"] {
  const { pod, container, end, meaning } = one;
  if (meaning === "ended-cleanly") return "pass";
  if (container.role === "ephemeral" || oneOff.has(meaning) || jobComplete) return "warn";
  if (meaning === "out-of-memory" || meaning === "out-of-memory-child") return "fail";
  if (!pod.finished && looping(container, end, rules, now)) return "fail";
  const over = container.running || container.current?.exitCode === 0;
  return over ? "warn" : "fail";
}

function casesOf(pod: EndedPod, kills: PodKill[], rules: Rules, now: Date, jobComplete: boolean): Case[] {
  return pod.containers.flatMap((container) => {
    const told = kills.filter((kill) => kill.container === container.name);
    const keptRunning =
      pod.always &&
      (container.role === "ordinary" || container.role === "sidecar") &&
      !pod.finished &&
      !pod.deleted;
    const ends = [container.current, container.last].filter((end) => end !== undefined);
    return ends.flatMap((end) => {
      const around = { ...pod, current: end === container.current, keptRunning, kills: told };
      const meaning = meaningOf(end, around);
      if (!meaning) return [];
      const one = { pod, container, end, meaning, kills: told };
      return [{ ...one, verdict: verdictOf(one, rules, now, jobComplete) }];
    });
  });
}

type Group = { owner: Subject; meaning: Meaning; cases: Case[] };

function finding({ owner, meaning, cases }: Group, eventsRead: boolean): Finding | undefined {
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
    observed: `exit code ${end.exitCode}, reason ${end.reason ?? "none"}; ${restarts} restart${restarts === 1 ? "" : "s"}${pods.length > 1 ? ` in ${pods.length} pods` : ""}`,
    expected: container.role === "init" || pod.finished ? "exit code 0" : "keeps running",
    evidence: [
      {
        source: `pods/${pod.name} status (namespace ${pod.namespace})`,
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
        source: `events of pods/${pod.name} (namespace ${pod.namespace})`,
        excerpt: `Killing, ${kill.cause}: ${kill.count} times, last at ${kill.at}`,
      })),
    ],
    remedy: steps(shown),
  };
}

function steps({ pod, container, end, meaning }: Case): RemedyStep[] {
  const place = ["--namespace", pod.namespace];
  const which = ["--container", container.name, ...(end === container.current ? [] : ["--previous"])];
  const over = pod.finished || pod.deleted;
  return [
    meaning === "start-error"
      ? {
          purpose: "inspect",
          text: {
            en: "There is no log of a container that never started: read its state.",
            "zh-CN": "从未启动的容器没有日志:看它的状态。",
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
            "zh-CN": "替代它的 Pod 正常运行,或以退出码 0 结束。",
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

/**
 * Subject: the owner people deploy (see ownerResolver), part: the container; affected: its pods. Code: the meaning (see
 * common/kubernetes/termination.ts). One finding per owner, container and meaning.
 * Verdicts: pass: ended-cleanly (code 0, started again by restartPolicy Always). fail: out-of-memory and
 * out-of-memory-child always; any other while it loops or while the container does not run because of it. warn: a past
 * failure of a container that runs again; evicted, deadline-exceeded, node-shutdown, disrupted, killed-on-delete and
 * status-lost; debug (ephemeral) containers; pods of a Job that completed in the end. Completed: no finding.
 */
export const check = defineCheck({
  id: "kubernetes/container-exit-codes",
  version: 1,
  title: { en: "How containers ended", "zh-CN": "容器是怎么结束的" },
  why: {
    en: "An exit code alone misleads: 137 may be memory, a failed probe, an eviction or a person. Together with the reason, the pod's own status and the events, most ends have one explanation.",
    "zh-CN":
      "只看退出码会误判:137 可能是内存、探针失败、驱逐,也可能是人为。结合 reason、Pod 自身状态和事件,大多数结束只有一种解释。",
  },
  remedy: {
    en: "Follow the meaning, not the number: raise memory only for out-of-memory, look at the probe for a probe's kill, at the command for 126, 127 and start errors.",
    "zh-CN":
      "按含义处理,不要按数字处理:只有内存不足才加内存;探针杀掉的去看探针;126、127 和启动失败去看命令。",
  },
  params: z.object({
    loopRestarts: param(z.number().int().min(1).max(1000).default(3), {
      label: { en: "Restarts that make a loop", "zh-CN": "视为循环重启的次数" },
    }),
    recentMinutes: param(z.number().int().min(1).max(1440).default(10), {
      label: { en: "Recent means within", "zh-CN": "“最近”的范围" },
      help: {
        en: "The kubelet forgets its back-off after ten minutes without a crash.",
        "zh-CN": "连续十分钟不崩溃后,kubelet 会清零退避时间。",
      },
      unit: "min",
    }),
  }),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickEndedPod),
    replicaSets: ownerNeeds.replicaSets,
    jobs: optional(kubernetes.list(kinds.Job, pickFinishedJob)),
    kills: optional(kubernetes.list(kinds.Event, pickKill, { fieldSelector: "reason=Killing" })),
  },
  judge: ({ pods, kills, ...owners }, rules, { observedAt }: JudgeContext) => {
    const ownerOf = ownerResolver(owners);
    const complete = new Set(
      isUnread(owners.jobs)
        ? []
        : owners.jobs.filter((job) => job.complete).map((job) => `${job.namespace}/${job.name}`),
    );
    const killsOf = Map.groupBy(isUnread(kills) ? [] : kills, ({ uid }) => uid);
    const groups = new Map<string, Group>();
    for (const pod of pods) {
      const jobComplete = pod.owner?.kind === "Job" && complete.has(`${pod.namespace}/${pod.owner.name}`);
      for (const one of casesOf(pod, killsOf.get(pod.uid) ?? [], rules, observedAt, jobComplete)) {
        const owner = ownerOf(pod);
        const key = [owner.kind, owner.namespace, owner.name, one.container.name, one.meaning].join("/");
        const group = groups.get(key) ?? { owner, meaning: one.meaning, cases: [] };
        group.cases.push(one);
        groups.set(key, group);
      }
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.flatMap((group) => finding(group, !isUnread(kills)) ?? []),
      measurements: [
        {
          name: "ended-containers",
          value: pods.reduce((sum, pod) => sum + pod.containers.length, 0),
          unit: "{containers}",
        },
      ],
    };
  },
});
