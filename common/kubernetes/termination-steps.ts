import type { Text } from "../text.ts";
import type { Meaning } from "./termination.ts";

const probe: Text = {
  en: "Look at the probe before the application: its timeout, threshold and start delay, and whether the node was busy. Slow start belongs to a startupProbe.",
  "zh-CN": "先看探针再看应用:超时、阈值、初始延迟,以及节点是否繁忙。启动慢应交给 startupProbe。",
};
const crash: Text = {
  en: "Get a core dump or a stack trace with the same image, and look at what changed: library, base image, architecture.",
  "zh-CN": "用同一镜像取得 core dump 或堆栈,并看看变了什么:库、基础镜像、架构。",
};
const command: Text = {
  en: "Compare command and args with what the image holds; mind that a pod expands $(NAME) and turns $$ into $ before the shell sees them.",
  "zh-CN": "把 command 和 args 与镜像内容对照;注意 Pod 会先展开 $(NAME),并把 $$ 变成 $,然后才交给 shell。",
};
const memory: Text = {
  en: "Compare memory use over time with the limit: raise the limit if the use is honest, find the leak if it only grows.",
  "zh-CN": "把内存用量曲线与 limit 对照:用量合理就提高 limit,只增不减就去找泄漏。",
};
const outside: Text = {
  en: "Nothing to mend in the container. See why the pod had to go, and whether its replacement runs.",
  "zh-CN": "容器本身没有要修的。看看 Pod 为什么必须离开,以及替代它的 Pod 是否已运行。",
};
const term: Text = {
  en: "Make the process that is PID 1 handle SIGTERM (exec form, or an init), and give it a grace period it can keep.",
  "zh-CN": "让 PID 1 的进程处理 SIGTERM(用 exec 形式,或加 init),并给它足够的宽限期。",
};
const log: Text = {
  en: "Its own log says why; if it is empty, see whether the program logs to a file.",
  "zh-CN": "原因在它自己的日志里;如果日志是空的,看看程序是不是写到了文件。",
};
const search: Text = {
  en: "Look at the events soon (they live for an hour), at the kubelet's log of that minute, and at who may exec into the pod.",
  "zh-CN": "尽快查看事件(只保留一小时)、kubelet 当时的日志,以及谁有权 exec 进入这个 Pod。",
};
const stays: Text = {
  en: "Run what is meant to end as a Job; give what is meant to stay a foreground process.",
  "zh-CN": "本来就该结束的任务用 Job 运行;该常驻的要有前台进程。",
};

const steps: Record<Meaning, Text> = {
  "ended-cleanly": stays,
  "status-lost": search,
  "start-error": command,
  "out-of-memory": memory,
  "out-of-memory-child": memory,
  evicted: outside,
  "deadline-exceeded": outside,
  "node-shutdown": outside,
  disrupted: outside,
  "liveness-probe": probe,
  "startup-probe": probe,
  "post-start-hook": command,
  "killed-on-delete": term,
  killed: search,
  terminated: search,
  "segmentation-fault": crash,
  aborted: crash,
  "ended-by-signal": log,
  "not-executable": command,
  "command-not-found": command,
  "exit-255": log,
  "application-error": log,
};

/** What to do about it. */
export function nextStep(meaning: Meaning): Text {
  return steps[meaning];
}
