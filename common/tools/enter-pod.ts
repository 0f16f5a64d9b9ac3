import { shellCommand, shellWord } from "../kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** From a pod's name to a process in its namespaces, on the node that runs it. */

export const podRuntimes = ["containerd", "cri-o", "docker"] as const;
export type PodRuntime = (typeof podRuntimes)[number];

export const podNamespaces = ["net", "mount", "pid", "uts", "ipc", "all"] as const;
export type PodNamespace = (typeof podNamespaces)[number];

export type EnterPodInput = {
  namespace: string;
  pod: string;
  /** empty: the first one */
  container: string;
  runtime: PodRuntime;
  enter: PodNamespace;
  /** what is run there, as words of a shell; empty: a shell */
  command: string;
};
export type EnterPodField = "namespace" | "pod" | "container" | "command";

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;

export function enterPodProblems({ namespace, pod, container, command }: EnterPodInput): EnterPodField[] {
  const problems: EnterPodField[] = [];
  if (!label.test(namespace)) problems.push("namespace");
  if (!subdomain.test(pod)) problems.push("pod");
  if (container !== "" && !label.test(container)) problems.push("container");
  if (/[\0\n\r]/.test(command)) problems.push("command");
  return problems;
}

const flags: Record<PodNamespace, string[]> = {
  net: ["--net"],
  mount: ["--mount"],
  pid: ["--pid"],
  uts: ["--uts"],
  ipc: ["--ipc"],
  all: ["--all"],
};

/** "containerd://3f…" → the runtime and the identifier; null for one that is not known here. */
export function readContainerId(text: string): { runtime: PodRuntime; id: string } | null {
  const [, scheme = "", id = ""] = /^([a-z-]+):\/\/([0-9a-f]{12,64})$/.exec(text) ?? [];
  const runtime = podRuntimes.find((one) => one === scheme);
  return runtime && id ? { runtime, id } : null;
}

/** The command that prints the process number of a container's first process. `id` is already a word of the shell. */
export function pidCommand(runtime: PodRuntime, id: string): string {
  if (runtime === "docker") return `sudo docker inspect --format '{{.State.Pid}}' ${id}`;
  // crictl speaks to containerd and to CRI-O alike, and both put the number at the same place.
  return `sudo crictl inspect --output go-template --template '{{.info.pid}}' ${id}`;
}

/** Enters the namespaces of a process; the number comes from a command. */
export function enterCommand(pid: string, enter: PodNamespace, command: readonly string[]): string {
  const rest = command.length > 0 ? ` -- ${command.map(shellWord).join(" ")}` : "";
  return `sudo nsenter --target ${pid} ${flags[enter].join(" ")}${rest}`;
}

function wordsOf(command: string): string[] {
  const words = command.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}

/** Only for input without problems. */
export function enterPodSteps(input: EnterPodInput): CommandStep[] {
  const { namespace, pod, container, runtime, enter, command } = input;
  const which = container === "" ? "0" : `?(@.name=="${container}")`;
  const path = `{.spec.nodeName} {.status.hostIP} {.status.containerStatuses[${which}].containerID}{"\\n"}`;
  const look = shellCommand(
    "kubectl",
    "get",
    "pod",
    pod,
    "--namespace",
    namespace,
    "--output",
    `jsonpath=${path}`,
  );
  const words = wordsOf(command);
  const debug = shellCommand(
    ...["kubectl", "debug", "--stdin", "--tty", pod, "--namespace", namespace],
    ...["--image", "nicolaka/netshoot", "--profile", "netadmin"],
    ...(container === "" ? [] : ["--target", container]),
  );
  return [
    { id: "find", code: look },
    { id: "id", code: `ID=3f0c…   # the part behind ${runtime}://` },
    { id: "enter", code: `PID=$(${pidCommand(runtime, '"$ID"')})\n${enterCommand('"$PID"', enter, words)}` },
    { id: "debug", code: debug },
  ];
}
