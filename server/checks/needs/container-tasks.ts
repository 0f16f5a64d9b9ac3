import { containerIdOf } from "./cgroup-names.ts";
import { type ContainerLabel, labelOf } from "./container-labels.ts";

/** What a runtime wrote down about a container that it started: the number of its first process. */
export type ContainerTask = {
  id: string;
  pid: number;
  /** an engine or the kubelet keeps it in order, or says that it runs: it is to have a process */
  tended: boolean;
  /** whose command removes it, where that is not the kubelet's runtime */
  engine?: "docker" | "podman";
  /** the number of the user whose own engine it is */
  user?: string;
  /** conmon wrote it down, for Podman or for CRI-O */
  conmon?: boolean;
  /** the process of that number, as the kernel has it */
  process: { name: string; state: string; group: string } | null;
};
export type ContainerTasks = {
  /** the runtimes' folders are there and may not be read */
  denied: boolean;
  /** numbers of users whose own folders below /run/user may not be read */
  hidden?: string[];
  /** Podman is there and did not say which of its containers run */
  silent?: boolean;
  tasks: ContainerTask[];
  /** one process of each container that a control group is named after */
  grouped: { id: string; pid: number; group: string }[];
  labels: ContainerLabel[];
};

/**
 * containerd (and Docker above it) keeps a number for each task, conmon below CRI-O and Podman for each container. A
 * Docker that starts containerd itself, k3s and engines of ordinary users have folders of their own for that.
 * It holds no double quote, which sudoers cannot hold.
 */
export const taskScript = [
  "exec 2>/dev/null; t=io.containerd.runtime.v",
  "u=/run/user; s=/run/containers/storage",
  "for d in /run/containerd /run/containerd/$t* /run/containerd/$t*/* /run/docker /run/k3s/containerd /run/containers $s $s/*-containers; do [ -d $d ] && { ls $d/. >/dev/null || printf 'denied\\n'; }; done",
  `for d in $u/*; do [ -d $d ] && { ls $d/. >/dev/null || printf 'hidden\\t%s\\n' \${d##*/}; }; done`,
  "for f in /run/containerd/$t*/*/*/init.pid /run/docker/containerd/daemon/$t*/*/*/init.pid /run/k3s/containerd/$t*/*/*/init.pid $u/*/docker/containerd/daemon/$t*/*/*/init.pid $s/*-containers/*/userdata/pidfile $u/*/containers/*-containers/*/userdata/pidfile; do p=$(cat $f) || continue; printf 'task\\t%s\\t%s\\n' $f $p; [ -r /proc/$p/stat ] || continue; head -c 200 /proc/$p/stat; printf '\\n'; head -n 1 /proc/$p/cgroup; done",
  // Podman would make its folders were it asked where it never ran.
  "ls -d $s/*-containers/* >/dev/null && command -v podman >/dev/null && { printf 'asked\\n'; o=$(timeout 5 podman ps --quiet --no-trunc) && { printf 'up %s\\n' $o; printf 'answered\\n'; }; }",
  "cd /proc || exit 1; grep -HE -m 1 '[0-9a-f]{64}' [0-9]*/cgroup",
  "printf 'names\\n'; ls /var/log/containers | tail -n 2000; :",
].join("; ");

const taskFile =
  /^task\t\S*?(?:\/io\.containerd\.runtime\.v[^/]+\/([^/]+)|-containers)\/([^/]+)\/\S+\t(\d+)$/;

export function parseTasks({ stdout }: { stdout: string }): ContainerTasks {
  const found: ContainerTasks = { denied: false, hidden: [], tasks: [], grouped: [], labels: [] };
  const seen = new Set<string>();
  for (const line of stdout.split("\n")) {
    if (line === "denied") found.denied = true;
    const user = /^hidden\t(\d+)$/.exec(line)?.[1];
    if (user) found.hidden?.push(user);
    if (line === "asked") found.silent = true;
    if (line === "answered") found.silent = false;
    const owner = /^task\t\/run\/user\/(\d+)\//.exec(line)?.[1];
    const [, keeper, id, pid] = taskFile.exec(line) ?? [];
    if (id && pid)
      found.tasks.push({
        ...{ id, pid: Number(pid), process: null },
        tended: keeper === "k8s.io" || keeper === "moby",
        ...(keeper === "moby" && { engine: "docker" as const }),
        ...(!keeper && { conmon: true }),
        ...(owner && { user: owner, engine: keeper ? ("docker" as const) : ("podman" as const) }),
      });
    const up = /^up ([0-9a-f]{64})$/.exec(line)?.[1];
    for (const one of found.tasks) if (one.id === up) Object.assign(one, { tended: true, engine: "podman" });
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
