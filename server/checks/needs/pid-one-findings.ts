import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { affectedPods, compare } from "./owners.ts";
import type { DeafContainer, DeafPod, PidOneCode } from "./pid-one.ts";

export type DeafGroup = {
  owner: Subject;
  code: PidOneCode;
  container: string;
  cases: { pod: DeafPod; container: DeafContainer }[];
};

const templated = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

/** With a shared process namespace the pause container is PID 1: signals have their usual effect, children are reaped. */
function share(owner: Subject): RemedyStep {
  const patch = { spec: { template: { spec: { shareProcessNamespace: true } } } };
  const target = [owner.kind.toLowerCase(), owner.name, "--namespace", owner.namespace ?? ""];
  return {
    purpose: "fix",
    text: {
      en: "Where the command is not yours to change, share the process namespace: then the pause container is PID 1, and SIGTERM ends the process as usual. Containers of the pod then see each other's processes.",
      "zh-CN":
        "命令改不了的话，就共享进程命名空间：PID 1 变成 pause 容器，SIGTERM 恢复正常作用。代价是同一 Pod 的容器能看到彼此的进程。",
    },
    ...(templated.includes(owner.kind) && {
      command: shellCommand(
        "kubectl",
        "patch",
        ...target,
        "--type",
        "merge",
        "--patch",
        JSON.stringify(patch),
      ),
    }),
  };
}

function rewrite({ code, better }: DeafContainer): RemedyStep {
  const texts: Record<PidOneCode, Text> = {
    "shell-as-pid-1": {
      en: better
        ? `Put exec before the last command, so that it takes the shell's place: ${better}`
        : "Let the shell pass the signal on (trap it, run the program in the background, wait), or start the program without a shell.",
      "zh-CN": better
        ? `在最后一条命令前加 exec，让它取代 shell：${better}`
        : "让 shell 转发信号（trap、后台运行、wait），或者不经过 shell 直接启动程序。",
    },
    "package-manager-as-pid-1": {
      en: "Start the program itself (node server.js, java -jar …) in place of the tool that starts it.",
      "zh-CN": "直接启动程序本身（node server.js、java -jar …），不要经过启动它的工具。",
    },
    "idle-as-pid-1": {
      en: "Give it a process that ends when asked, or a grace period of a second if nothing is lost.",
      "zh-CN": "换成收到请求会退出的进程；如果没有什么可丢失，把宽限期设为一秒也行。",
    },
    "killed-after-grace": {
      en: "See whether its PID 1 hears SIGTERM at all; only if it does and needs longer raise terminationGracePeriodSeconds.",
      "zh-CN":
        "先看 PID 1 能不能收到 SIGTERM；确实能收到、只是需要更久，才调大 terminationGracePeriodSeconds。",
    },
  };
  return { purpose: "fix", text: texts[code] };
}

function message(code: PidOneCode, container: DeafContainer, { graceSeconds }: DeafPod): Text {
  const { name, program } = container;
  const costs: Text = {
    en: `Each stop takes the whole ${graceSeconds} s and ends with SIGKILL.`,
    "zh-CN": `每次停止都要耗满 ${graceSeconds} 秒宽限期，然后被 SIGKILL 强杀。`,
  };
  switch (code) {
    case "shell-as-pid-1":
      return {
        en: `In container ${name} the shell ${program} stays PID 1 and passes no SIGTERM on to what it started. ${costs.en}`,
        "zh-CN": `容器 ${name} 的 PID 1 一直是 shell（${program}），SIGTERM 不会传给它启动的程序。${costs["zh-CN"]}`,
      };
    case "package-manager-as-pid-1":
      return {
        en: `In container ${name} PID 1 is ${program}, which starts the program in a process of its own. Whether SIGTERM reaches that depends on its version and on the script.`,
        "zh-CN": `容器 ${name} 的 PID 1 是 ${program}，真正的程序在它启动的另一个进程里。SIGTERM 能否传到，取决于它的版本和脚本写法。`,
      };
    case "idle-as-pid-1":
      return {
        en: `In container ${name} PID 1 is ${program}, which has no handler for SIGTERM; the kernel drops it for PID 1. ${costs.en}`,
        "zh-CN": `容器 ${name} 的 PID 1 是 ${program}，没有处理 SIGTERM；对 PID 1，内核会直接丢弃这个信号。${costs["zh-CN"]}`,
      };
    case "killed-after-grace":
      return {
        en: `Container ${name} was asked to stop and was killed when the grace period had run out (137): its PID 1 did not hear SIGTERM, or was not done in time.`,
        "zh-CN": `容器 ${name} 被要求停止，宽限期用完后被强杀（137）：它的 PID 1 没有听到 SIGTERM，或没来得及做完。`,
      };
  }
}

export function pidOneFinding({ owner, code, cases }: DeafGroup): Finding | undefined {
  const [first] = cases.toSorted((a, b) => compare(a.pod.name, b.pod.name));
  if (!first) return undefined;
  const { pod, container } = first;
  const place = ["--namespace", pod.namespace];
  const look = ["sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline; grep SigCgt /proc/1/status"];
  return {
    verdict: code === "killed-after-grace" ? "fail" : "warn",
    code,
    subject: { ...owner, part: container.name },
    affected: affectedPods(cases.map((one) => one.pod)),
    message: message(code, container, pod),
    observed:
      code === "killed-after-grace"
        ? {
            en: `exit code 137 at ${container.finishedAt}, to be gone by ${pod.deletedAt}`,
            "zh-CN": `${container.finishedAt} 以退出码 137 结束，应在 ${pod.deletedAt} 前退出`,
          }
        : container.command,
    expected:
      code === "killed-after-grace"
        ? { en: "ends by itself on SIGTERM", "zh-CN": "收到 SIGTERM 后自己结束" }
        : { en: "a PID 1 that hears SIGTERM", "zh-CN": "会响应 SIGTERM 的 PID 1" },
    ...(container.command !== "" && {
      evidence: [
        {
          source: {
            en: `pods/${pod.name} (namespace ${pod.namespace}), command`,
            "zh-CN": `pods/${pod.name}（命名空间 ${pod.namespace}）的命令`,
          },
          excerpt: container.command,
        },
      ],
    }),
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "See what PID 1 is and which signals it catches (bit 14 of SigCgt, hexadecimal 4000, is SIGTERM).",
          "zh-CN": "看 PID 1 是谁、捕获了哪些信号（SigCgt 的第 14 位，即十六进制 4000，是 SIGTERM）。",
        },
        command: shellCommand(
          "kubectl",
          "exec",
          pod.name,
          ...place,
          "--container",
          container.name,
          "--",
          ...look,
        ),
      },
      rewrite(container),
      ...(code === "package-manager-as-pid-1" ? [] : [share(owner)]),
      {
        purpose: "verify",
        text: {
          en: "A pod that is deleted is gone long before its grace period ends.",
          "zh-CN": "删除一个 Pod，它会远早于宽限期结束就消失。",
        },
        command: shellCommand("kubectl", "delete", "pod", pod.name, ...place, "--wait=true"),
      },
    ],
  };
}
