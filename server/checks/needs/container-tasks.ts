import { containerIdOf } from "./cgroup-names.ts";
import { type ContainerLabel, labelOf } from "./container-labels.ts";

/** What a runtime wrote down about a container that it started: the number of its first process. */
export type ContainerTask = {
  id: string;
  pid: number;
  /** a namespace of containerd that an engine or the kubelet keeps in order: it deletes tasks that have ended */
  tended: boolean;
  /** the process of that number, as the kernel has it */
  process: { name: string; state: string; group: string } | null;
};
export type ContainerTasks = {
  /** the runtimes' folders are there and may not be read */
  denied: boolean;
  tasks: ContainerTask[];
  /** one process of each container that a control group is named after */
  grouped: { id: string; pid: number; group: string }[];
  labels: ContainerLabel[];
};

/**
 * containerd (and Docker above it) keeps a number for each task, conmon below CRI-O and Podman for each container.
 * It holds no double quote, which sudoers cannot hold.
 */
export const taskScript = `exec 2>/dev/null; c=/run/containerd/io.containerd.runtime.v2.task; m=/run/containers/storage/overlay-containers; for d in /run/containerd $c $c/* /run/containers /run/containers/storage $m; do [ -d $d ] && { ls $d/. >/dev/null || printf 'denied\\n'; }; done; for f in $c/*/*/init.pid $m/*/userdata/pidfile; do p=$(cat $f) || continue; printf 'task\\t%s\\t%s\\n' $f $p; [ -r /proc/$p/stat ] || continue; head -c 200 /proc/$p/stat; printf '\\n'; head -n 1 /proc/$p/cgroup; done; cd /proc || exit 1; grep -HE -m 1 '[0-9a-f]{64}' [0-9]*/cgroup; printf 'names\\n'; ls /var/log/containers | tail -n 2000; :`;

const taskFile = /^task\t\S*?(?:v2\.task\/([^/]+)|overlay-containers)\/([^/]+)\/\S+\t(\d+)$/;

export function parseTasks({ stdout }: { stdout: string }): ContainerTasks {
  const found: ContainerTasks = { denied: false, tasks: [], grouped: [], labels: [] };
  const seen = new Set<string>();
  for (const line of stdout.split("\n")) {
    if (line === "denied") found.denied = true;
    const [, keeper, id, pid] = taskFile.exec(line) ?? [];
    if (id && pid)
      found.tasks.push({
        ...{ id, pid: Number(pid), process: null },
        tended: keeper === "k8s.io" || keeper === "moby",
      });
    const task = found.tasks.at(-1);
    if (task && !task.process) task.process = processOf(line, task.pid);
    else if (task?.process?.group === "") task.process.group = /^\d+:[^:]*:(\/.*)$/.exec(line)?.[1] ?? "";
    const [, member, group = ""] = /^(\d+)\/cgroup:\d+:[^:]*:(\/.*)$/.exec(line) ?? [];
    const container = containerIdOf(group);
    if (member && container && !seen.has(container)) {
      seen.add(container);
      found.grouped.push({ id: container, pid: Number(member), group });
    }
    found.labels.push(...labelOf(line));
  }
  const known = new Set([...seen, ...found.tasks.map(({ id }) => id)]);
  found.labels = found.labels.filter(({ id }) => known.has(id));
  return found;
}

/** A line of /proc/<pid>/stat: the name stands in brackets and may hold any of them. */
function processOf(line: string, pid: number): ContainerTask["process"] {
  const [, number, name = "", state = ""] = /^(\d+) \((.*)\) ([A-Za-z]) /.exec(line) ?? [];
  return Number(number) === pid ? { name, state, group: "" } : null;
}

/** A container within a container: its runtime, and what that wrote down, is within the outer one. */
export function isNested(group: string): boolean {
  return group.split("/").filter((part) => containerIdOf(part) !== null).length > 1;
}

/** "containerd://3f0c…", the whole identifier or its first letters, as kubectl, crictl and docker show it. */
export function identifierIn(text: string): string {
  return text
    .trim()
    .replace(/^[a-z-]+:\/\//, "")
    .toLowerCase();
}
