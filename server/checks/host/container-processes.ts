import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import {
  allLive,
  bookkeepingUnread,
  broken,
  forgotten,
  type Kept,
  lives,
  podmanSilent,
  stateOf,
} from "../needs/container-task-findings.ts";
import {
  type ContainerTask,
  type ContainerTasks,
  identifierIn,
  parseTasks,
  taskScript,
} from "../needs/container-tasks.ts";
import { host, sampled } from "../needs/host.ts";
import { isUnread, optional } from "../needs/need.ts";
import { param } from "../needs/param.ts";

/**
 * Subject: the host; part: the container.
 * Codes: processes-live (pass, one for all), process-lives (pass, for one that was asked for), process-gone,
 * process-is-another and process-dead (fail), process-without-runtime (warn), runtime-state-unread and podman-silent
 * (unknown).
 * It looks twice: a container that ends or starts in between is no fault.
 */
export const check = defineCheck({
  id: "host/container-processes",
  version: 3,
  title: {
    en: "Whether each container's process exists on the host",
    "zh-CN": "每个容器的进程在主机上是否存在",
  },
  why: {
    en: "Kubernetes knows a pod, the runtime an identifier, the kernel a process. When the shim between them dies, a pod is shown as running while nothing runs, or a process runs on that nobody can stop.",
    "zh-CN":
      "Kubernetes 认 Pod，运行时认容器 ID，内核只认进程。中间的 shim 一旦异常退出，就会出现 Pod 显示运行中却没有进程，或者进程还在跑却没人能停的情况。",
  },
  remedy: {
    en: "Let the runtime remove the container, so that it is made anew; end what runs on without one.",
    "zh-CN": "让运行时删除这个容器，使它重新创建；没有归属的进程则结束掉。",
  },
  params: z.object({
    container: param(
      z
        .string()
        .trim()
        .max(100)
        .regex(/^([a-z-]+:\/\/)?([0-9a-fA-F]{6,64})?$/)
        .default(""),
      {
        label: { en: "Container", "zh-CN": "容器" },
        help: {
          en: "Its identifier as kubectl, crictl or docker show it. Empty: every container of the host.",
          "zh-CN": "填 kubectl、crictl 或 docker 显示的容器 ID；留空则检查主机上的全部容器。",
        },
        placeholder: "containerd://3f0c…",
      },
    ),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    asRoot: optional(
      sampled(host.command(["sh", "-c", taskScript], parseTasks, { sudo: true, timeoutMs: 20_000 }), 2_000),
    ),
    own: optional(host.command(["sh", "-c", `: own; ${taskScript}`], parseTasks, { timeoutMs: 20_000 })),
  },
  judge: ({ machine, asRoot, own }, { container }) => {
    const readings = !isUnread(asRoot) ? asRoot.map(({ value }) => value) : isUnread(own) ? [] : [own];
    const [first, last = first] = readings;
    if (!first || !last) return { findings: [bookkeepingUnread(machine, 0)] };
    const lasting = lastingIn(first, last);
    const kept: Kept = { machine, tasks: lasting };
    const wanted = identifierIn(container);
    if (wanted !== "") return one(kept, wanted);
    if (lasting.denied && lasting.tasks.length === 0)
      return { findings: [bookkeepingUnread(machine, lasting.grouped.length)] };
    if (lasting.tasks.length === 0 && lasting.grouped.length === 0)
      return { skip: { what: "containers", detail: "no container runs here" } };
    const tended = lasting.tasks.filter((task) => task.tended);
    const living = lasting.tasks.filter((task) => stateOf(task) === "alive");
    const bad = tended.flatMap((task) => {
      const state = stateOf(task);
      return state === "alive" ? [] : [broken(kept, task, state)];
    });
    const open = lasting.silent ? lasting.tasks.filter(isOpen) : [];
    // Without any record of a runtime these are another engine's, whose records are not known here.
    const strays = lasting.tasks.length > 0 ? forgotten(kept) : [];
    const unknown = [
      ...(lasting.tasks.length === 0 ? [bookkeepingUnread(machine, lasting.grouped.length)] : []),
      ...(open.length > 0 ? [podmanSilent(machine, open.length)] : []),
    ];
    return {
      findings: [...bad, ...strays, ...unknown, ...(living.length > 0 ? [allLive(kept, living)] : [])],
      measurements: [
        { name: "containers", value: living.length, unit: "{containers}" },
        { name: "withoutProcess", value: bad.length, unit: "{containers}" },
      ],
    };
  },
});

const isOpen = (task: ContainerTask) => task.conmon && !task.tended && stateOf(task) !== "alive";

/** Of the last reading what the first had as well: the same task with the same number, the same stray process. */
function lastingIn(first: ContainerTasks, last: ContainerTasks): ContainerTasks {
  const before = new Set(first.tasks.map(({ id, pid }) => `${id} ${pid}`));
  const grouped = new Set(first.grouped.map(({ id }) => id));
  const started = new Set(first.tasks.map(({ id }) => id));
  const tasks = last.tasks.filter(({ id, pid }) => before.has(`${id} ${pid}`));
  return {
    ...last,
    tasks,
    grouped: last.grouped.filter(
      ({ id }) => grouped.has(id) && (tasks.some((task) => task.id === id) || !started.has(id)),
    ),
  };
}

function one(kept: Kept, wanted: string) {
  const { tasks, grouped } = kept.tasks;
  const task: ContainerTask | undefined = tasks.find(({ id }) => id.startsWith(wanted));
  const state = task ? stateOf(task) : null;
  if (task && state === "alive")
    return {
      findings: [lives(kept, { id: task.id, pid: task.pid, group: task.process?.group ?? "" })],
    };
  if (task && state && state !== "alive") return { findings: [broken(kept, task, state)] };
  const member = grouped.find(({ id }) => id.startsWith(wanted));
  if (member && kept.tasks.denied) return { findings: [lives(kept, member)] };
  const [stray] = member ? forgotten({ ...kept, tasks: { ...kept.tasks, grouped: [member] } }) : [];
  if (stray) return { findings: [stray] };
  if (kept.tasks.denied) return { findings: [bookkeepingUnread(kept.machine, grouped.length)] };
  return {
    skip: { what: "the container", detail: `no process and no record of ${wanted.slice(0, 12)} here` },
  };
}
