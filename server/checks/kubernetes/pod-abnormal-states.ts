import { z } from "zod";
import type { Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { diagnose } from "../needs/abnormal-pods/diagnose.ts";
import { abnormalFinding, type Case, type CaseGroup } from "../needs/abnormal-pods/finding.ts";
import {
  pickRenewal,
  pickSeenClaim,
  pickSeenEvent,
  pickSeenMap,
  pickSeenNode,
} from "../needs/abnormal-pods/pick-around.ts";
import { pickSeenPod } from "../needs/abnormal-pods/pick-pod.ts";
import type { Scene } from "../needs/abnormal-pods/scene.ts";
import { scenesOf } from "../needs/abnormal-pods/scenes.ts";
import { pickFinishedJob } from "../needs/ended-pods.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const replacing = new Set(["ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController"]);
const passing = new Set([
  "ended-cleanly",
  "evicted-own-storage",
  "evicted-node-pressure",
  "evicted",
  "deadline-exceeded",
  "node-shutdown",
  "disrupted",
  "scheduling-gated",
]);

/** What ended and was replaced is a trace to read, not an outage; the same for what somebody asked for. */
function verdictOf({ state, pod }: Scene, code: string): Case["verdict"] {
  if (passing.has(code)) return "warn";
  return state === "ended" && replacing.has(pod.owner?.kind ?? "") ? "warn" : "fail";
}

/**
 * Subject: the owner people deploy (see ownerResolver), no part; affected: its pods. Code: the likeliest cause of the
 * pod's state, of those in needs/abnormal-pods/*-causes.ts; for containers that end the meaning of their end (see
 * common/kubernetes/termination.ts), name-resolution-failed, configuration-wrong or node-out-of-memory;
 * <state>-unexplained where nothing says why. One finding per owner and code. A fault keeps its code while it shows
 * itself under two names (ErrImagePull and ImagePullBackOff, running between two crashes).
 * fail: broken now. warn: ended-cleanly, evictions, deadlines, shutdowns, gates, failed pods that were replaced.
 */
export const check = defineCheck({
  id: "kubernetes/pod-abnormal-states",
  version: 2,
  title: { en: "Pods that are stuck, and why", "zh-CN": "卡住的 Pod 及其原因" },
  why: {
    en: "A status such as Pending or CrashLoopBackOff names a symptom with a dozen causes. Status, events, the node and the objects a pod names usually leave one of them, and say what speaks against the others.",
    "zh-CN":
      "Pending、CrashLoopBackOff 这类状态只是症状，背后可能有十几种原因。把状态、事件、节点和它引用的对象放在一起，通常只剩一种解释，也能说明为什么不是别的。",
  },
  remedy: {
    en: "Mend the cause named first; read the argument before you do, and go to the next in line if it does not convince you.",
    "zh-CN": "先处理排在第一的原因；动手前看一遍正反证据，若不能信服就看下一个。",
  },
  params: z.object({
    minutes: param(z.number().min(0).max(1440).default(5), {
      label: { en: "Abnormal for longer than", "zh-CN": "异常持续超过" },
      unit: "min",
    }),
    loopRestarts: param(z.number().int().min(1).max(1000).default(3), {
      label: { en: "Restarts that make a loop", "zh-CN": "视为循环重启的次数" },
    }),
    recentMinutes: param(z.number().int().min(1).max(1440).default(10), {
      label: { en: "A restart is recent within", "zh-CN": "“最近重启”的范围" },
      help: {
        en: "The kubelet forgets its back-off after ten minutes without a crash.",
        "zh-CN": "连续十分钟不崩溃后，kubelet 会清零退避时间。",
      },
      unit: "min",
    }),
    endedWithinHours: param(z.number().min(1).max(8760).default(24), {
      label: { en: "Forget ended pods after", "zh-CN": "结束超过此时长的 Pod 不再提示" },
      unit: "h",
    }),
  }),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickSeenPod),
    replicaSets: ownerNeeds.replicaSets,
    jobs: optional(kubernetes.list(kinds.Job, pickFinishedJob)),
    events: optional(
      kubernetes.list(kinds.Event, pickSeenEvent, {
        fieldSelector:
          "involvedObject.kind=Pod,reason!=Scheduled,reason!=Pulled,reason!=Created,reason!=Started",
      }),
    ),
    nodes: optional(kubernetes.list(kinds.Node, pickSeenNode)),
    claims: optional(kubernetes.list(kinds.PersistentVolumeClaim, pickSeenClaim)),
    configMaps: optional(kubernetes.list(kinds.ConfigMap, pickSeenMap)),
    scheduler: optional(
      kubernetes.get(kinds.Lease, { namespace: "kube-system", name: "kube-scheduler" }, pickRenewal),
    ),
    controllers: optional(
      kubernetes.get(kinds.Lease, { namespace: "kube-system", name: "kube-controller-manager" }, pickRenewal),
    ),
  },
  judge: ({ pods, replicaSets, jobs, ...around }, rules, { observedAt }) => {
    const ownerOf = ownerResolver({ replicaSets, jobs });
    const complete = new Set(
      isUnread(jobs)
        ? []
        : jobs.filter((job) => job.complete).map(({ namespace, name }) => `${namespace}/${name}`),
    );
    const groups = new Map<string, CaseGroup>();
    const scenes = scenesOf(pods, around, rules, observedAt);
    for (const scene of scenes) {
      const { pod } = scene;
      // A Job that completed in the end has explained its failed pods.
      if (pod.owner?.kind === "Job" && complete.has(`${pod.namespace}/${pod.owner.name}`)) continue;
      const diagnosis = diagnose(scene);
      const { code } = diagnosis.first;
      const owner: Subject = ownerOf(pod);
      const key = [owner.kind, owner.namespace, owner.name, code].join("/");
      const group = groups.get(key) ?? { owner, code, cases: [] };
      group.cases.push({ scene, diagnosis, verdict: verdictOf(scene, code) });
      groups.set(key, group);
    }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.flatMap((group) => abnormalFinding(group) ?? []),
      measurements: [{ name: "abnormal-pods", value: scenes.length, unit: "{pods}" }],
    };
  },
});
