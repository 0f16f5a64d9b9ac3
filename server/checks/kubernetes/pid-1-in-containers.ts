import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { pickDeafPod } from "../needs/pid-one.ts";
import { type DeafGroup, pidOneFinding } from "../needs/pid-one-findings.ts";

/**
 * Subject: the owner people deploy (see ownerResolver), part: the container; affected: its pods. Codes:
 * - killed-after-grace (fail): ended 137, not for memory, when the grace period of a deletion had run out.
 * - shell-as-pid-1 (warn): sh -c with several commands, no exec before the last one and no trap.
 * - package-manager-as-pid-1 (warn): npm, yarn, mvn … start the program as a child.
 * - idle-as-pid-1 (warn): sleep, tail and the like, for which the kernel drops SIGTERM.
 * Only commands that are written in the pod can be judged, of pods that are meant to stay; not with a shared process
 * namespace, a preStop hook that ends the process, or a grace period of two seconds or less.
 */
export const check = defineCheck({
  id: "kubernetes/pid-1-in-containers",
  version: 1,
  title: { en: "PID 1 that does not hear SIGTERM", "zh-CN": "听不到 SIGTERM 的 PID 1" },
  why: {
    en: "The kernel gives PID 1 no default action for signals, and a shell passes none on. Such a container never ends when asked: rollouts and drains wait out the grace period, and the program is killed in the middle of its work.",
    "zh-CN":
      "内核不会对 PID 1 执行信号的默认动作，shell 也不会转发信号。这样的容器不会应请求退出：滚动更新和驱逐都要等满宽限期，程序在处理中途被强杀。",
  },
  remedy: {
    en: "Let the program itself be PID 1 and handle SIGTERM, put a small init before it, or share the process namespace of the pod.",
    "zh-CN": "让程序自己作为 PID 1 并处理 SIGTERM，或在它前面放一个轻量 init，或共享 Pod 的进程命名空间。",
  },
  params: z.object({}),
  needs: { pods: kubernetes.list(kinds.Pod, pickDeafPod), ...ownerNeeds },
  judge: ({ pods, ...owners }) => {
    const ownerOf = ownerResolver(owners);
    const groups = new Map<string, DeafGroup>();
    for (const pod of pods)
      for (const container of pod.containers) {
        const owner = ownerOf(pod);
        const key = [owner.kind, owner.namespace, owner.name, container.name, container.code].join("/");
        const group = groups.get(key) ?? {
          owner,
          code: container.code,
          container: container.name,
          cases: [],
        };
        group.cases.push({ pod, container });
        groups.set(key, group);
      }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return { findings: sorted.flatMap((group) => pidOneFinding(group) ?? []) };
  },
});
