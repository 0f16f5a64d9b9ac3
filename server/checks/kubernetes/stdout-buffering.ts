import { z } from "zod";
import { hasTemplate } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { defineCheck } from "../define-check.ts";
import {
  type Buffered,
  type BufferedPod,
  pickBuffered,
  pickUnbufferedMap,
  unbufferedVariable,
} from "../needs/buffered-output.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { groupByOwner, type OwnerGroup, podCount } from "../needs/owner-groups.ts";
import { affectedPods, ownerNeeds, ownerResolver } from "../needs/owners.ts";

function words({ kind, container, program, remedy }: Buffered, count: number): Text {
  const pods = podCount(count);
  if (kind === "python")
    return {
      en: `Container ${container} of ${pods.en} starts ${program} without -u and without ${unbufferedVariable}: what it prints stays in a buffer of some kilobytes, appears late in the log, and is lost when the process is killed.`,
      "zh-CN": `${pods["zh-CN"]}的容器 ${container} 启动 ${program} 时既没有 -u，也没有 ${unbufferedVariable}：print 的内容先留在几 KB 的缓冲区里，很晚才出现在日志中，进程被杀时就丢了。`,
    };
  return {
    en: `Container ${container} of ${pods.en} ends a pipe that never closes with ${program}, which writes a block when it is full: lines reach the log minutes or hours late. Its switch for that is ${remedy}.`,
    "zh-CN": `${pods["zh-CN"]}的容器 ${container} 有一条不会结束的管道，末端是 ${program}，攒满一块才输出：日志里的行会晚几分钟甚至几小时。对应的开关是 ${remedy}。`,
  };
}

function fix(owner: Subject, { kind, container, program, remedy }: Buffered): RemedyStep {
  const place = ["--namespace", owner.namespace ?? "", "--containers", container];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  if (kind === "python" && hasTemplate(owner))
    return {
      purpose: "fix",
      text: {
        en: "Set the variable in the pod template; the pods are replaced. Put it into the manifest or the image as well.",
        "zh-CN": "在 Pod 模板里设置这个变量，Pod 会随之替换。清单或镜像里也要加上。",
      },
      command: shellCommand("kubectl", "set", "env", target, ...place, `${unbufferedVariable}=1`),
    };
  return {
    purpose: "fix",
    text: {
      en: `Where ${owner.kind} ${owner.name} is defined, give ${program} its switch ${remedy}; what has none is started under stdbuf -oL.`,
      "zh-CN": `在定义 ${owner.kind} ${owner.name} 的地方，给 ${program} 加上开关 ${remedy}；没有这种开关的程序用 stdbuf -oL 启动。`,
    },
  };
}

/** Its environment comes from a ConfigMap that could not be read: the switch may be in there. */
const open = ({ configMaps }: Buffered, mapsUnread: boolean) => mapsUnread && configMaps.length > 0;

function finding({ owner, what, pods }: OwnerGroup<BufferedPod, Buffered>, mapsUnread: boolean): Finding {
  const first = pods[0]?.name ?? "";
  const place = ["--namespace", owner.namespace ?? "", "--container", what.container];
  return {
    verdict: open(what, mapsUnread) ? "unknown" : "warn",
    code: what.kind === "python" ? "interpreter-buffers" : "filter-buffers",
    subject: { ...owner, part: what.container },
    affected: affectedPods(pods),
    message: words(what, pods.length),
    observed: what.program,
    expected: what.kind === "python" ? `${what.program} -u, or ${unbufferedVariable}=1` : what.remedy,
    remedy: [
      fix(owner, what),
      {
        purpose: "verify",
        text: {
          en: "Follow the log with its times: lines come one by one, as they are written, not in blocks.",
          "zh-CN": "带时间跟踪日志：应当写一行出一行，而不是成块出现。",
        },
        command: shellCommand(
          "kubectl",
          "logs",
          first,
          ...place,
          "--timestamps",
          "--follow",
          "--since",
          "1m",
        ),
      },
    ],
  };
}

/**
 * Subject: the owner people deploy, part: the container; affected: its pods. Codes (both warn): interpreter-buffers
 * (Python without -u and without PYTHONUNBUFFERED), filter-buffers (the last command of an endless pipe in a shell
 * command). Only what a pod's own command says can be judged: an image's entry point is not seen. Left out: a terminal,
 * containers whose environment comes from a Secret, pods that end by themselves. Where ConfigMaps cannot be read, a
 * container that takes its environment from one is unknown.
 */
export const check = defineCheck({
  id: "kubernetes/stdout-buffering",
  version: 1,
  title: { en: "Programs that hold their output back", "zh-CN": "把输出压在缓冲区里的程序" },
  why: {
    en: "To a pipe, and a container's log is one, the C library and Python write whole blocks. The last lines before a crash are those you need, and those that are lost.",
    "zh-CN":
      "容器日志就是一条管道；写管道时，C 库和 Python 都是攒满一块才输出。崩溃前的最后几行最要紧，丢的也正是它们。",
  },
  remedy: {
    en: "Start interpreters with their unbuffered switch, and give filters at the end of a pipe their switch for lines.",
    "zh-CN": "解释器用不缓冲的开关启动；管道末端的过滤器加上按行输出的开关。",
  },
  params: z.object({}),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickBuffered),
    maps: optional(kubernetes.list(kinds.ConfigMap, pickUnbufferedMap)),
    ...ownerNeeds,
  },
  judge: ({ pods, maps, ...owners }) => {
    const sets = (namespace: string, name: string) =>
      !isUnread(maps) && maps.includes(`${namespace}/${name}`);
    const groups = groupByOwner(
      pods,
      ownerResolver(owners),
      ({ namespace, buffered }) =>
        buffered.filter(({ configMaps }) => !configMaps.some((name) => sets(namespace, name))),
      ({ container }) => container,
    );
    return { findings: groups.map((group) => finding(group, isUnread(maps))) };
  },
});
