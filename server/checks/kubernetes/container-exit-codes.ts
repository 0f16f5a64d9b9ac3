import { z } from "zod";
import { type Meaning, meaningOf, type Termination } from "#common/kubernetes/termination.ts";
import { defineCheck, type JudgeContext } from "../define-check.ts";
import { type EndedCase, type EndedGroup, endedFinding } from "../needs/ended-findings.ts";
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
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

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
  one: Omit<EndedCase, "verdict">,
  rules: Rules,
  now: Date,
  jobComplete: boolean,
): EndedCase["verdict"] {
  const { pod, container, end, meaning } = one;
  if (meaning === "ended-cleanly") return "pass";
  if (container.role === "ephemeral" || oneOff.has(meaning) || jobComplete) return "warn";
  if (meaning === "out-of-memory" || meaning === "out-of-memory-child") return "fail";
  if (!pod.finished && looping(container, end, rules, now)) return "fail";
  const over = container.running || container.current?.exitCode === 0;
  return over ? "warn" : "fail";
}

function casesOf(
  pod: EndedPod,
  kills: PodKill[],
  rules: Rules,
  now: Date,
  jobComplete: boolean,
): EndedCase[] {
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
      "只看退出码会误判：137 可能是内存、探针失败、驱逐，也可能是人为。结合 reason、Pod 自身状态和事件，大多数结束只有一种解释。",
  },
  remedy: {
    en: "Follow the meaning, not the number: raise memory only for out-of-memory, look at the probe for a probe's kill, at the command for 126, 127 and start errors.",
    "zh-CN":
      "按含义处理，不要按数字处理：只有内存不足才加内存；探针杀掉的去看探针；126、127 和启动失败去看命令。",
  },
  params: z.object({
    loopRestarts: param(z.number().int().min(1).max(1000).default(3), {
      label: { en: "Restarts that make a loop", "zh-CN": "视为循环重启的次数" },
    }),
    recentMinutes: param(z.number().int().min(1).max(1440).default(10), {
      label: { en: "Recent means within", "zh-CN": "“最近”的范围" },
      help: {
        en: "The kubelet forgets its back-off after ten minutes without a crash.",
        "zh-CN": "连续十分钟不崩溃后，kubelet 会清零退避时间。",
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
    const groups = new Map<string, EndedGroup>();
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
      findings: sorted.flatMap((group) => endedFinding(group, !isUnread(kills)) ?? []),
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
