import { z } from "zod";
import { hasTemplate } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import {
  type MemoryContainer,
  type MemoryNode,
  type MemoryPod,
  mebibytes,
  pickMeasuredPod,
  pickMemoryNode,
  pickMemoryPod,
} from "../needs/memory-use.ts";
import { isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { groupByOwner, type OwnerGroup, podCount } from "../needs/owner-groups.ts";
import { affectedPods, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { killLines, parseProcessKills, unreadKills } from "../needs/process-kills.ts";

type Trouble = MemoryContainer & {
  code: "oom-killed" | "process-killed" | "near-limit";
  usedBytes?: number;
  kills?: number;
};

const metricsService = { kind: "APIService", name: "v1beta1.metrics.k8s.io" };

const limitText = (bytes: number | null) => (bytes === null ? null : mebibytes(bytes));

/** Half as much again, in whole mebibytes: a first step, to be measured afterwards. */
const larger = (bytes: number) => `${Math.ceil((bytes * 1.5) / 2 ** 20)}Mi`;

function raise(owner: Subject, { name, limitBytes }: Trouble): RemedyStep {
  const text = {
    en: "If what it needs is really more, raise the limit; first rule out a leak and a cache or heap that is sized from the machine instead of the limit.",
    "zh-CN": "确实需要更多内存时再调大限制；先排除泄漏，以及按整机而不是按限制来定大小的缓存或堆。",
  };
  if (limitBytes === null || !hasTemplate(owner)) return { purpose: "fix", text };
  const place = ["--namespace", owner.namespace ?? "", "--containers", name];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  const command = ["kubectl", "set", "resources", target, ...place, `--limits=memory=${larger(limitBytes)}`];
  return { purpose: "fix", text, command: shellCommand(...command) };
}

function message(what: Trouble, pods: readonly MemoryPod[]): Finding["message"] {
  const count = podCount(pods.length);
  const limit = limitText(what.limitBytes);
  if (what.code === "near-limit") {
    const share = Math.round((100 * (what.usedBytes ?? 0)) / (what.limitBytes ?? 1));
    const used = mebibytes(what.usedBytes ?? 0);
    return {
      en: `Container ${what.name} of ${count.en} uses ${used} of ${limit} (${share} %): the next peak, and the kernel kills it.`,
      "zh-CN": `${count["zh-CN"]}的容器 ${what.name} 已用 ${used}，限制为 ${limit}（${share}%）：再来一次高峰，内核就会杀掉它。`,
    };
  }
  if (what.code === "process-killed")
    return {
      en: `Since container ${what.name} of ${count.en} started, the kernel has killed ${what.kills === 1 ? "a process" : `${what.kills} processes`} in it for memory${limit === null ? "" : `; its limit is ${limit}`}. The main process went on, so neither the pod's status nor its events show it: work was lost in silence.`,
      "zh-CN": `${count["zh-CN"]}的容器 ${what.name} 启动以来，内核因内存杀掉了里面的 ${what.kills} 个进程${limit === null ? "" : `，它的限制是 ${limit}`}。主进程还在，Pod 状态和事件里都看不到：活儿是悄悄丢掉的。`,
    };
  const at = what.killed?.at ?? "";
  return {
    en: `The kernel killed a process of container ${what.name} of ${count.en} for memory, last at ${at || "an unknown time"}; ${limit === null ? "it has no limit, so the node itself ran out" : `its limit is ${limit}`}.`,
    "zh-CN": `内核因内存杀掉了 ${count["zh-CN"]}容器 ${what.name} 里的进程，最近一次在 ${at || "未知时间"}；${limit === null ? "它没有设限制，说明是节点本身内存不足" : `它的限制是 ${limit}`}。`,
  };
}

function observedOf({ code, usedBytes, kills }: Trouble): Finding["observed"] {
  if (code === "near-limit") return mebibytes(usedBytes ?? 0);
  return code === "oom-killed" ? "OOMKilled" : `container_oom_events_total ${kills}`;
}

function finding({ owner, what, pods }: OwnerGroup<MemoryPod, Trouble>): Finding {
  const first = pods[0]?.name ?? "";
  const place = ["--namespace", owner.namespace ?? ""];
  return {
    verdict: what.code === "oom-killed" && what.killed?.waiting ? "fail" : "warn",
    code: what.code,
    subject: { ...owner, part: what.name },
    affected: affectedPods(pods),
    message: message(what, pods),
    observed: observedOf(what),
    ...(what.limitBytes !== null && {
      expected: {
        en: `well below ${mebibytes(what.limitBytes)}`,
        "zh-CN": `明显低于 ${mebibytes(what.limitBytes)}`,
      },
    }),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "What it uses now. A curve that only rises is a leak; one with peaks is load.",
          "zh-CN": "看它现在用多少。只升不降是泄漏，忽高忽低是负载。",
        },
        command: shellCommand("kubectl", "top", "pod", first, ...place, "--containers"),
      },
      raise(owner, what),
    ],
  };
}

function pressure({ name, pressedSince: since }: MemoryNode): Finding[] {
  if (since === undefined) return [];
  const finding: Finding = {
    verdict: "fail",
    code: "node-memory-pressure",
    subject: { kind: "Node", name },
    message: {
      en: `Node ${name} runs out of memory since ${since || "some time"}: the kubelet evicts pods, those above their requests first, and what it does not catch in time the kernel kills.`,
      "zh-CN": `节点 ${name} 自 ${since || "某时"} 起内存不足：kubelet 会驱逐 Pod，先驱逐超出请求量的；来不及驱逐的，由内核来杀。`,
    },
    observed: "MemoryPressure: True",
    expected: "MemoryPressure: False",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "See what was promised there and what is used.",
          "zh-CN": "看看那里承诺了多少、实际用了多少。",
        },
        command: shellCommand("kubectl", "describe", "node", name),
      },
      {
        purpose: "fix",
        text: {
          en: "Give pods requests that are true, so that the scheduler does not promise the same memory twice.",
          "zh-CN": "让 Pod 的请求量符合实际，调度器才不会把同一份内存承诺两次。",
        },
      },
    ],
  };
  return [finding];
}

/**
 * Subjects and codes:
 * - the owner people deploy, part: the container; affected: its pods. oom-killed (fail while it is not running again,
 *   otherwise warn), process-killed (warn: others than the main process, by the kubelets' counters where this credential
 *   may ask them), near-limit (warn, measured by the metrics API where there is one; neither of a container with kills).
 * - Node: node-memory-pressure (fail).
 * - APIService: not-read (unknown: there is a metrics API, and it does not answer or not this credential).
 * - Cluster, part "process kills": not-read (unknown: kubelets that this credential may ask did not tell).
 */
export const check = defineCheck({
  id: "kubernetes/linux-oom",
  version: 3,
  title: { en: "Out of memory", "zh-CN": "内存不足" },
  why: {
    en: "A container at its limit is not refused memory: the kernel kills it, in the middle of what it does. Those that come close are the next ones.",
    "zh-CN": "容器到了内存上限，得到的不是分配失败，而是被内核当场杀掉。用量逼近上限的，就是下一个。",
  },
  remedy: {
    en: "Measure first, then size limits above the peak and requests at what is normally used.",
    "zh-CN": "先测量，再把限制设在峰值之上，把请求量设为平时的用量。",
  },
  params: z.object({
    nearPercent: param(z.number().min(1).max(100).default(90), {
      label: { en: "Close to the limit from", "zh-CN": "用量达到限制的多少算接近" },
      unit: "%",
    }),
  }),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickMemoryPod),
    measured: optional(kubernetes.list(kinds.PodMetrics, pickMeasuredPod)),
    nodes: kubernetes.list(kinds.Node, pickMemoryNode),
    kills: optional(kubernetes.nodes({ path: "metrics/cadvisor", keepLines: killLines }, parseProcessKills)),
    ...ownerNeeds,
  },
  judge: ({ pods, measured, nodes, kills, ...owners }, { nearPercent }) => {
    const used = new Map(isUnread(measured) ? [] : measured.map((one) => [one.key, new Map(one.used)]));
    const killsIn = new Map(isUnread(kills) ? [] : kills.kills.map(({ key, count }) => [key, count]));
    const troublesOf = ({ namespace, name, containers }: MemoryPod) =>
      containers.flatMap((container): Trouble[] => {
        if (container.killed) return [{ ...container, code: "oom-killed" }];
        const inside = killsIn.get(`${namespace}/${name} ${container.name}`);
        if (inside) return [{ ...container, code: "process-killed", kills: inside }];
        const usedBytes = used.get(`${namespace}/${name}`)?.get(container.name) ?? 0;
        const near = usedBytes * 100 >= (container.limitBytes ?? Infinity) * nearPercent;
        return near ? [{ ...container, code: "near-limit", usedBytes }] : [];
      });
    const groups = groupByOwner(
      pods,
      ownerResolver(owners),
      troublesOf,
      ({ code, name }) => `${name}/${code}`,
    );
    return {
      findings: [
        ...nodes.flatMap(pressure),
        ...groups.map(finding),
        ...unreadKills(kills, nodes),
        ...notReadFinding("memory in use", measured, metricsService),
      ],
      measurements: [{ name: "containers-measured", value: used.size, unit: "{pods}" }],
    };
  },
});
