import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { enterCommand } from "#common/tools/enter-pod.ts";
import { groupTitle } from "./container-labels.ts";
import { type ContainerTask, type ContainerTasks, isNested } from "./container-tasks.ts";

export type Kept = { machine: string; tasks: ContainerTasks };

/** The title of a container whether or not its group tells more than its identifier. */
export function titleOf({ id, group }: { id: string; group: string }, { labels }: ContainerTasks): Text {
  return groupTitle(group.includes(id) ? group : `/${id}`, labels);
}

const subjectOf = (machine: string, title: Text): Subject => ({
  kind: "host",
  name: machine,
  part: title.en,
});
const groupOf = (task: ContainerTask) => task.process?.group ?? "";

/** The number was given to somebody else: a container's first process stands in a group named after it. */
function isAnother({ id, process }: ContainerTask): boolean {
  if (!process || process.group === "" || process.group === "/") return false;
  // A sandbox with a kernel of its own shares one process between the containers of a pod.
  return !process.group.includes(id) && !/[0-9a-f]{64}|kubepods/.test(process.group);
}

export type State = "alive" | "gone" | "dead" | "another";

export function stateOf(task: ContainerTask): State {
  if (!task.process) return "gone";
  if (isAnother(task)) return "another";
  return /[ZXx]/.test(task.process.state) ? "dead" : "alive";
}

const told: Record<Exclude<State, "alive">, (title: Text, task: ContainerTask) => Text> = {
  gone: (title, { pid, tended }) => {
    if (!tended)
      return {
        en: `${title.en}: its record names process ${pid}, and there is none of that number: it has ended and was not removed yet.`,
        "zh-CN": `${title["zh-CN"]}：记录里的进程是 ${pid}，而这个进程不存在：容器已经结束，只是还没有删除。`,
      };
    return {
      en: `${title.en}: the runtime has process ${pid} written down as its first, and there is none of that number. What is shown as running does not run.`,
      "zh-CN": `${title["zh-CN"]}：运行时记下的第一个进程是 ${pid}，而这个进程并不存在。显示为运行中，其实没有在运行。`,
    };
  },
  another: (title, { pid, process }) => ({
    en: `${title.en}: the runtime has process ${pid} written down as its first, and that number now belongs to ${process?.name ?? "another program"}, which is outside of every container.`,
    "zh-CN": `${title["zh-CN"]}：运行时记下的第一个进程是 ${pid}，而这个进程号现在属于 ${process?.name ?? "别的程序"}，它不在任何容器里。`,
  }),
  dead: (title, { pid }) => ({
    en: `${title.en}: its first process ${pid} has ended and nobody has collected it; the container can neither work nor be started anew.`,
    "zh-CN": `${title["zh-CN"]}：第一个进程 ${pid} 已经结束却没有被回收，容器既不能工作，也无法重新启动。`,
  }),
};
const codes = { gone: "process-gone", another: "process-is-another", dead: "process-dead" } as const;

export function broken(kept: Kept, task: ContainerTask, state: Exclude<State, "alive">): Finding {
  const title = titleOf({ id: task.id, group: groupOf(task) }, kept.tasks);
  return {
    verdict: "fail",
    code: codes[state],
    subject: subjectOf(kept.machine, title),
    message: told[state](title, task),
    observed: task.process
      ? `${task.process.name} (${task.process.state})`
      : { en: `no /proc/${task.pid}`, "zh-CN": `没有 /proc/${task.pid}` },
    expected: {
      en: `process ${task.pid}, in a control group of ${task.id.slice(0, 12)}`,
      "zh-CN": `进程 ${task.pid}，位于 ${task.id.slice(0, 12)} 的 cgroup 中`,
    },
    remedy: [look(task), anew(task)],
  };
}

function look({ id, pid }: Pick<ContainerTask, "id" | "pid">): RemedyStep {
  return {
    purpose: "inspect",
    text: {
      en: "The process, and the shim that should be looking after it",
      "zh-CN": "看这个进程，以及本该照看它的 shim",
    },
    command: `ps -o pid,ppid,stat,lstart,args -p ${pid}; pgrep -af ${id}`,
  };
}

/** The command of whoever made it: a user's own engine knows nothing of root's containers, nor root's of the user's. */
function removal({ id, engine, user, conmon }: ContainerTask): string {
  if (user && engine) {
    const at = `XDG_RUNTIME_DIR=/run/user/${user}`;
    const socket = engine === "docker" ? ` DOCKER_HOST=unix:///run/user/${user}/docker.sock` : "";
    return `cd / && sudo -H -u '#${user}' env ${at}${socket} ${engine} rm --force ${id}`;
  }
  if (conmon && !engine)
    return `if sudo podman container exists ${id}; then sudo podman rm --force ${id}; else sudo crictl rm --force ${id}; fi`;
  return `sudo ${engine ?? "crictl"} rm --force ${id}`;
}

function anew(task: ContainerTask): RemedyStep {
  return {
    purpose: "fix",
    text: {
      en: "Let the runtime remove the container; the kubelet, or whoever started it, makes a new one",
      "zh-CN": "让运行时删掉这个容器，kubelet 或当初启动它的人会再建一个",
    },
    command: removal(task),
  };
}

/** Processes of a container that no runtime knows: nobody stops them, counts them or hears them end. */
export function forgotten(kept: Kept): Finding[] {
  const known = new Set(kept.tasks.tasks.map(({ id }) => id));
  // What the engine of another user wrote down may not be read: theirs are no strays.
  const others = (kept.tasks.hidden ?? []).map((user) => `/user-${user}.slice/`);
  return kept.tasks.grouped
    .filter(({ id, group }) => !known.has(id) && !isNested(group))
    .filter(({ group }) => !others.some((slice) => group.includes(slice)))
    .map(({ id, pid, group }) => {
      const title = titleOf({ id, group }, kept.tasks);
      return {
        verdict: "warn",
        code: "process-without-runtime",
        subject: subjectOf(kept.machine, title),
        message: {
          en: `${title.en}: process ${pid} runs in its control group, and neither containerd nor conmon has a container of that name. Nobody stops it.`,
          "zh-CN": `${title["zh-CN"]}：进程 ${pid} 还在它的 cgroup 里运行，而 containerd 和 conmon 都没有这个容器的记录，没有谁会去停它。`,
        },
        observed: group,
        expected: { en: "no process", "zh-CN": "没有进程" },
        remedy: [look({ id, pid })],
      };
    });
}

/** One container that was asked for, with the way into it. */
export function lives(kept: Kept, { id, pid, group }: { id: string; pid: number; group: string }): Finding {
  const title = titleOf({ id, group }, kept.tasks);
  return {
    verdict: "pass",
    code: "process-lives",
    subject: subjectOf(kept.machine, title),
    message: {
      en: `${title.en} lives: ${pid} is a process of it on this host.`,
      "zh-CN": `${title["zh-CN"]} 还在：它在这台主机上的进程是 ${pid}。`,
    },
    observed: String(pid),
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Its network, with the host's tools", "zh-CN": "用主机的工具看它的网络" },
        command: enterCommand(String(pid), "net", ["ip", "-brief", "address"]),
      },
    ],
  };
}

export function allLive(kept: Kept, living: readonly ContainerTask[]): Finding {
  const lines = living.map((task) => {
    const title = titleOf({ id: task.id, group: groupOf(task) }, kept.tasks);
    return `${String(task.pid).padStart(8)} ${task.process?.name ?? ""}  ${title.en}`;
  });
  return {
    verdict: "pass",
    code: "processes-live",
    subject: { kind: "host", name: kept.machine, part: "containers" },
    message: {
      en: `Containers whose process is there, as their runtime wrote it down: ${living.length}.`,
      "zh-CN": `${living.length} 个容器的进程都在，与运行时的记录一致。`,
    },
    observed: `${living.length}`,
    evidence: [{ source: "init.pid, /proc/<pid>/stat", excerpt: lines.toSorted().slice(0, 40).join("\n") }],
  };
}

export function bookkeepingUnread(machine: string, processes: number): Finding {
  return {
    verdict: "unknown",
    code: "runtime-state-unread",
    subject: { kind: "host", name: machine, part: "/run" },
    message: {
      en: `Containers have processes here (${processes} of them), and what their runtime wrote down about them could not be read; as root it can be, with the sudoers lines of the host's page.`,
      "zh-CN": `这里有 ${processes} 个容器的进程，而运行时的记录读不到；按主机页面的 sudoers 配置，以 root 可以读取。`,
    },
  };
}

/** Records without a process of which nobody says whether they ended in order. */
export function podmanSilent(machine: string, count: number): Finding {
  return {
    verdict: "unknown",
    code: "podman-silent",
    subject: { kind: "host", name: machine, part: "podman" },
    message: {
      en: `${count} containers have a record and no process, and podman ps failed or gave no answer in 5 s: whether they ended in order cannot be told.`,
      "zh-CN": `有 ${count} 个容器只有记录、没有进程，而 podman ps 失败或 5 秒内没有回答，无法判断它们是否正常结束。`,
    },
    observed: `${count}`,
    remedy: [
      {
        purpose: "inspect",
        text: { en: "What Podman says", "zh-CN": "看 Podman 怎么说" },
        command: "sudo podman ps --all --no-trunc",
      },
    ],
  };
}
