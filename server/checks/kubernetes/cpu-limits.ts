import { z } from "zod";
import { hasTemplate } from "#common/kubernetes/pod-template.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { affectedPods, compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";
import { type ContainerCpu, type CpuPod, pickNodeCpu, pickPodCpu } from "../needs/pod-cpu.ts";

type Code = "limit-too-large" | "no-request-no-limit" | "node-unknown";
type Case = { pod: CpuPod; container: ContainerCpu; allocatable: number };
type Group = { owner: Subject; code: Code; cases: Case[] };

const cores = (thousandths: number) => String(Number((thousandths / 1000).toFixed(3)));
const share = ({ container, allocatable }: Case) => ((container.limit ?? 0) / allocatable) * 100;

function setResources(owner: Subject, container: string, change: string[]): string | undefined {
  if (!hasTemplate(owner)) return undefined;
  return shellCommand(
    "kubectl",
    "set",
    "resources",
    `${owner.kind.toLowerCase()}/${owner.name}`,
    "--namespace",
    owner.namespace ?? "",
    "--containers",
    container,
    ...change,
  );
}

function tooLarge({ owner, cases }: Group, percent: number): Finding {
  const worst = cases.toSorted((a, b) => share(b) - share(a) || compare(a.pod.name, b.pod.name))[0];
  const limit = cores(worst?.container.limit ?? 0);
  const node = worst?.pod.node ?? "";
  const most = cores(Math.floor(((worst?.allocatable ?? 0) * percent) / 100));
  const percentNow = worst ? Math.round(share(worst)) : 0;
  const command = setResources(owner, worst?.container.name ?? "", [`--limits=cpu=${most}`]);
  return {
    verdict: "warn",
    code: "limit-too-large",
    subject: { ...owner, part: worst?.container.name ?? "" },
    affected: affectedPods(cases.map(({ pod }) => pod)),
    message: {
      en: `May use ${limit} cores, ${percentNow} % of what node ${node} has to give (${cores(worst?.allocatable ?? 0)}). One busy pod can starve its neighbours.`,
      "zh-CN": `可以用到 ${limit} 核，占节点 ${node} 可分配量（${cores(worst?.allocatable ?? 0)} 核）的 ${percentNow}%。一个繁忙的 Pod 就可能挤占邻居。`,
    },
    observed: { en: `limit ${limit} cores on ${node}`, "zh-CN": `${node} 上限制为 ${limit} 核` },
    expected: {
      en: `at most ${most} cores (${percent} % of allocatable)`,
      "zh-CN": `不超过 ${most} 核（可分配量的 ${percent} %）`,
    },
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See what it really uses before changing the limit.", "zh-CN": "改之前先看看实际用量。" },
        command: shellCommand(
          "kubectl",
          "top",
          "pod",
          worst?.pod.name ?? "",
          "--namespace",
          owner.namespace ?? "",
          "--containers",
        ),
      },
      {
        purpose: "fix",
        text: {
          en: "Lower the limit to what the 95th percentile of usage asks for, with head-room; this value is the most that this node bears. It rolls the pods.",
          "zh-CN": "按用量的 95 分位加上余量来降低 limit；这里给出的是该节点能承受的上限。会触发滚动更新。",
        },
        ...(command !== undefined && { command }),
      },
    ],
  };
}

function unbounded({ owner, cases }: Group): Finding {
  const container = cases[0]?.container.name ?? "";
  const command = setResources(owner, container, ["--requests=cpu=100m"]);
  return {
    verdict: "warn",
    code: "no-request-no-limit",
    subject: { ...owner, part: container },
    affected: affectedPods(cases.map(({ pod }) => pod)),
    message: {
      en: "Neither a CPU request nor a limit: it gets the smallest share when the node is busy, and may take all of it when it is not.",
      "zh-CN": "既没有 CPU request 也没有 limit：节点繁忙时只能分到最小份额，空闲时又可能占满整台机器。",
    },
    observed: { en: "no request, no limit", "zh-CN": "没有 request，也没有 limit" },
    expected: { en: "a CPU request", "zh-CN": "设置 CPU request" },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Set a request near the usual usage. 100m is a place to start, not an answer.",
          "zh-CN": "把 request 设到平时用量附近。100m 只是起点，不是答案。",
        },
        ...(command !== undefined && { command }),
      },
    ],
  };
}

function notCompared({ owner, cases }: Group): Finding {
  const nodes = [...new Set(cases.map(({ pod }) => pod.node))].sort(compare).slice(0, 5).join(", ");
  const { container } = cases[0] ?? {};
  return {
    verdict: "unknown",
    code: "node-unknown",
    subject: { ...owner, part: container?.name ?? "" },
    affected: affectedPods(cases.map(({ pod }) => pod)),
    message: {
      en: `The limit of container ${container?.name} could not be compared: how many cores ${nodes} has is not known (the node is gone or does not say).`,
      "zh-CN": `容器 ${container?.name} 的 limit 无法比较：不知道 ${nodes} 有多少核（节点已不存在，或没有给出）。`,
    },
    observed: {
      en: `limit ${cores(container?.limit ?? 0)} cores on ${nodes}`,
      "zh-CN": `${nodes} 上限制为 ${cores(container?.limit ?? 0)} 核`,
    },
  };
}

function codeOf(one: Case, percent: number): Code | undefined {
  const { pod, container, allocatable } = one;
  if (container.limit === undefined)
    return pod.bounded || container.requested ? undefined : "no-request-no-limit";
  if (pod.node !== "" && !Number.isFinite(allocatable)) return "node-unknown";
  return share(one) > percent ? "limit-too-large" : undefined;
}

const findingOf = (group: Group, percent: number): Finding => {
  if (group.code === "node-unknown") return notCompared(group);
  return group.code === "limit-too-large" ? tooLarge(group, percent) : unbounded(group);
};

/**
 * Subject: the owner people deploy (see ownerResolver), part: the container; affected: its pods.
 * Codes: limit-too-large (warn): limit > percent of the allocatable cores of the node the pod is on (pods without a
 * node are not compared); no-request-no-limit (warn): neither on the container nor on the whole pod;
 * node-unknown (unknown): a limit on a node whose allocatable cores are not known.
 * Containers and native sidecars count, other init containers do not; finished pods do not.
 */
export const check = defineCheck({
  id: "kubernetes/cpu-limits",
  version: 2,
  title: { en: "CPU requests and limits", "zh-CN": "CPU request 与 limit" },
  why: {
    en: "A limit close to the size of the node protects nobody; no request at all gives the scheduler nothing to plan with. How much a limit throttles is not in these objects: it is read on the host (host/cpu-throttling).",
    "zh-CN":
      "limit 接近整台节点时保护不了任何人；完全没有 request 则让调度器无从规划。limit 造成多少限流并不写在这些对象里，要到主机上读（host/cpu-throttling）。",
  },
  remedy: {
    en: "Request what the container usually needs; limit from the 95th percentile of its usage with head-room, well below the node's size.",
    "zh-CN": "request 按平时所需设置；limit 取用量的 95 分位再加余量，并远低于节点规格。",
  },
  params: z.object({
    percent: param(z.number().min(1).max(100).default(50), {
      label: { en: "Largest limit", "zh-CN": "limit 上限" },
      help: {
        en: "Share of a node's allocatable cores that one container may be allowed.",
        "zh-CN": "单个容器的 limit 最多占节点可分配核数的比例。",
      },
      unit: "%",
    }),
  }),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickPodCpu),
    nodes: kubernetes.list(kinds.Node, pickNodeCpu),
    ...ownerNeeds,
  },
  judge: ({ pods, nodes, ...owners }, { percent }) => {
    const ownerOf = ownerResolver(owners);
    const allocatableOf = new Map(nodes.map(({ name, allocatable }) => [name, allocatable]));
    const groups = new Map<string, Group>();
    for (const pod of pods)
      for (const container of pod.containers) {
        const allocatable = allocatableOf.get(pod.node) ?? Number.POSITIVE_INFINITY;
        const one = { pod, container, allocatable };
        const code = codeOf(one, percent);
        if (!code) continue;
        const owner = ownerOf(pod);
        const key = [owner.kind, owner.namespace, owner.name, container.name, code].join("/");
        const group = groups.get(key);
        if (group) group.cases.push(one);
        else groups.set(key, { owner, code, cases: [one] });
      }
    const sorted = [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
    return {
      findings: sorted.map((group) => findingOf(group, percent)),
      measurements: [
        {
          name: "containers",
          value: pods.reduce((sum, pod) => sum + pod.containers.length, 0),
          unit: "{containers}",
        },
      ],
    };
  },
});
