import type { Text } from "../text.ts";
import { signalOf } from "../tools/exit-code.ts";
import { type Kill, killOf, type Meaning, signalNumber, type Termination } from "./termination.ts";

type Story = {
  end: Termination;
  pod: { podReason?: string; podMessage?: string; disruption?: string; finished: boolean };
  kills: Kill[];
  /** whether the events could be read at all */
  eventsRead: boolean;
  role: string;
};

function killed(what: Text, { end, kills }: Story): Text {
  const kill = killOf(end, kills);
  const times = kill?.count ?? 1;
  const since = kill?.since ?? "";
  const at = kill?.at ?? "";
  const forced = end.exitCode === 137;
  return {
    en: `The kubelet killed it because ${what.en}: ${times === 1 ? `once, at ${at}` : `${times} times between ${since} and ${at}`}. ${forced ? "Its 137 is that kill, not memory." : `Asked to stop, the process ended with code ${end.exitCode}.`}`,
    "zh-CN": `kubelet 因${what["zh-CN"]}而杀掉了它:事件记录 ${times} 次(${times === 1 ? at : `${since} 至 ${at}`})。${forced ? "137 就来自这次强杀,与内存无关。" : `进程收到停止请求后以退出码 ${end.exitCode} 结束。`}`,
  };
}

function killedByWhom({ eventsRead }: Story): Text {
  return eventsRead
    ? {
        en: "Killed by SIGKILL (128 + 9). Neither the pod object nor the events that are left say by whom; it is not marked as out of memory.",
        "zh-CN": "被 SIGKILL 杀死(128 + 9)。Pod 对象和现存的事件都没有说明是谁干的;没有内存不足的标记。",
      }
    : {
        en: "Killed by SIGKILL (128 + 9). The pod object does not say by whom, and the events could not be read: a probe, a person or the runtime. It is not marked as out of memory.",
        "zh-CN":
          "被 SIGKILL 杀死(128 + 9)。Pod 对象没有说明是谁干的,事件也读不到:可能是探针、人为或运行时。没有内存不足的标记。",
      };
}

function firstLine(text: string | undefined): string {
  const line = text?.split("\n")[0]?.trim() ?? "";
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function ownCode({ end }: Story): Text {
  const said = firstLine(end.message);
  const beyond = end.exitCode > 128;
  const wrong = end.reason === "Completed";
  return {
    en: `The program ended itself with code ${end.exitCode}${beyond ? ", which is over 128 but no signal: the program chose it" : ""}${wrong ? ", although the reason says Completed" : ""}.${said ? ` It said: ${said}` : ""}`,
    "zh-CN": `程序自己以退出码 ${end.exitCode} 结束${beyond ? ";它大于 128 但不对应任何信号,是程序自己选的" : ""}${wrong ? ",尽管 reason 写着 Completed" : ""}。${said ? `它留下的话:${said}` : ""}`,
  };
}

const words: Record<Meaning, (story: Story) => Text> = {
  "ended-cleanly": () => ({
    en: "It ends by itself with code 0 and restartPolicy Always starts it again. That is no crash, but a container that is expected to stay does not.",
    "zh-CN":
      "它以退出码 0 正常结束,restartPolicy 为 Always,于是又被拉起。这不是崩溃,但本该常驻的容器并没有常驻。",
  }),
  "status-lost": ({ end }) => ({
    en: `How it ended is not known: the kubelet or the runtime lost it and filled in ${end.exitCode} (${end.reason}).`,
    "zh-CN": `不知道它是怎么结束的:kubelet 或运行时丢失了它,${end.exitCode}(${end.reason})是补填的。`,
  }),
  "start-error": ({ end }) => {
    const said = firstLine(end.message?.replace(/^.*unable to start container process: /, ""));
    return {
      en: `It never started; the runtime made up code ${end.exitCode}.${said ? ` It said: ${said}` : ""}`,
      "zh-CN": `它从未启动;退出码 ${end.exitCode} 是运行时编的。${said ? `运行时的说法:${said}` : ""}`,
    };
  },
  "out-of-memory": () => ({
    en: "Its main process was killed because the container reached its memory limit (or the node ran out).",
    "zh-CN": "容器达到内存上限(或节点内存耗尽),主进程被杀死。",
  }),
  "out-of-memory-child": ({ end }) => ({
    en: `A process in it was killed for memory, and the main process then ended by itself with code ${end.exitCode}: OOMKilled does not need 137.`,
    "zh-CN": `容器里的一个进程因内存不足被杀,主进程随后自己以 ${end.exitCode} 结束:OOMKilled 不一定是 137。`,
  }),
  evicted: ({ pod }) => ({
    en: `The kubelet evicted the pod. ${firstLine(pod.podMessage)}`.trim(),
    "zh-CN": `kubelet 驱逐了这个 Pod。${firstLine(pod.podMessage)}`,
  }),
  "deadline-exceeded": () => ({
    en: "The pod ran longer than its activeDeadlineSeconds and was ended.",
    "zh-CN": "Pod 运行时间超过 activeDeadlineSeconds,被终止。",
  }),
  "node-shutdown": () => ({
    en: "The pod was ended because its node shut down.",
    "zh-CN": "节点关机,Pod 被终止。",
  }),
  disrupted: ({ pod }) => ({
    en: `The pod was ended on purpose: ${pod.disruption || pod.podReason || "disruption"}.`,
    "zh-CN": `Pod 是被有意终止的:${pod.disruption || pod.podReason || "disruption"}。`,
  }),
  "liveness-probe": (story) => killed({ en: "its liveness probe failed", "zh-CN": "存活探针失败" }, story),
  "startup-probe": (story) => killed({ en: "its startup probe failed", "zh-CN": "启动探针失败" }, story),
  "post-start-hook": (story) =>
    killed({ en: "its postStart hook failed", "zh-CN": " postStart 钩子失败" }, story),
  "killed-on-delete": () => ({
    en: "The pod was deleted and its process did not end on SIGTERM within the grace period, so it was killed.",
    "zh-CN": "Pod 被删除,进程在宽限期内没有响应 SIGTERM,于是被强制杀死。",
  }),
  killed: killedByWhom,
  terminated: () => ({
    en: "Ended by SIGTERM (128 + 15): something asked it to stop while the pod was to go on.",
    "zh-CN": "因 SIGTERM 结束(128 + 15):Pod 本该继续运行,却有人要求它停止。",
  }),
  "segmentation-fault": () => ({
    en: "Segmentation fault (128 + 11): a process touched memory that is not its own.",
    "zh-CN": "段错误(128 + 11):进程访问了不属于自己的内存。",
  }),
  aborted: () => ({
    en: "It aborted itself (SIGABRT, 128 + 6): a failed assertion, a fatal runtime error or a broken heap.",
    "zh-CN": "它自己中止了(SIGABRT,128 + 6):断言失败、运行时致命错误或堆损坏。",
  }),
  "ended-by-signal": ({ end }) => {
    const signal = signalOf(signalNumber(end) ?? 0);
    return {
      en: `Code ${end.exitCode} stands for ${signal?.name ?? "a signal"} (${signal?.number ?? "?"}), unless the program chose the number itself.`,
      "zh-CN": `退出码 ${end.exitCode} 对应 ${signal?.name ?? "某个信号"}(${signal?.number ?? "?"}),除非程序自己选了这个数字。`,
    };
  },
  "not-executable": () => ({
    en: "A shell found the command but could not execute it (126): not executable, or a wrong interpreter or architecture.",
    "zh-CN": "shell 找到了命令但无法执行(126):没有执行权限,或解释器、架构不对。",
  }),
  "command-not-found": () => ({
    en: "A shell did not find the command (127): a typo, or it is not on the PATH of the image.",
    "zh-CN": "shell 找不到命令(127):拼写错误,或镜像的 PATH 里没有它。",
  }),
  "exit-255": () => ({
    en: "Code 255: most often exit(-1), cut to eight bits.",
    "zh-CN": "退出码 255:多半是 exit(-1) 被截成了八位。",
  }),
  "application-error": ownCode,
};

/** What happened, in one or two sentences. */
export function describeEnd(meaning: Meaning, story: Story): Text {
  return words[meaning](story);
}
