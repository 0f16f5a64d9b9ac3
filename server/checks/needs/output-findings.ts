import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { habitOf, type OutputProcess, type OutputTarget } from "./process-output.ts";

const targets: Record<OutputTarget, Text> = {
  terminal: { en: "a terminal", "zh-CN": "终端" },
  pipe: { en: "a pipe", "zh-CN": "管道" },
  socket: { en: "the journal or another socket", "zh-CN": " journald 等套接字" },
  file: { en: "a file", "zh-CN": "文件" },
  deleted: { en: "a file that was deleted", "zh-CN": "已删除的文件" },
  null: { en: "nowhere (/dev/null)", "zh-CN": "/dev/null（丢弃）" },
  other: { en: "a device", "zh-CN": "设备" },
};

export type OutputGroup = { owner: string; program: string; target: OutputTarget; all: OutputProcess[] };

/** Workers of one service with the same kind of output speak with one voice. */
export function groupsOf(processes: readonly OutputProcess[]): OutputGroup[] {
  const groups = new Map<string, OutputGroup>();
  for (const process of processes) {
    const owner = process.unit ?? process.name;
    const key = JSON.stringify([owner, process.program, process.target, process.switched]);
    const group = groups.get(key) ?? { owner, program: process.program, target: process.target, all: [] };
    group.all.push(process);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function outputFinding(machine: string, group: OutputGroup): Finding {
  const { owner, program, target, all } = group;
  const switched = all[0]?.switched ?? false;
  const state = switched ? `${target} switched` : target;
  const subject: Subject = { kind: "host", name: machine, part: `${owner} ${program} ${state}` };
  const observed = `fd 1 → ${all[0]?.file ?? target}`;
  const affected = {
    count: all.length,
    sample: all.slice(0, 50).map(({ pid }) => ({ kind: "process", name: String(pid) })),
  };
  const rest = { subject, observed, affected };
  const to = targets[target];
  if (target === "deleted") return { ...deleted(owner, all[0]?.file ?? "?"), ...rest };
  if (target === "null")
    return {
      ...passed("discarded", {
        en: `${owner}: what ${program} prints goes nowhere.`,
        "zh-CN": `${owner}：${program} 的输出被丢弃。`,
      }),
      ...rest,
    };
  if (target === "terminal")
    return {
      ...passed("line-buffered", {
        en: `${owner}: ${program} prints to a terminal, line by line.`,
        "zh-CN": `${owner}：${program} 输出到终端，按行缓冲。`,
      }),
      ...rest,
    };
  const habit = habitOf(program);
  if (switched || habit === "at-once")
    return {
      ...passed("unbuffered", {
        en: `${owner}: ${program} prints to ${to.en} and does not hold lines back.`,
        "zh-CN": `${owner}：${program} 输出到${to["zh-CN"]}，不会攒着不发。`,
      }),
      ...rest,
    };
  if (habit === "unknown")
    return {
      ...passed("fully-buffered", {
        en: `${owner}: ${program} prints to ${to.en}. If it uses the C library's stdio and does not flush, lines come in blocks.`,
        "zh-CN": `${owner}：${program} 输出到${to["zh-CN"]}。如果它用 C 库的 stdio 又不主动刷新，输出会成块出现。`,
      }),
      ...rest,
    };
  return { ...heldBack(owner, program, to), ...rest, expected: "unbuffered, or flushed line by line" };
}

type Judged = Pick<Finding, "verdict" | "code" | "message" | "remedy">;

function passed(code: string, message: Text): Judged {
  return { verdict: "pass", code, message };
}

function heldBack(owner: string, program: string, to: Text): Judged {
  const python = habitOf(program) === "python";
  const setting: RemedyStep = {
    purpose: "fix",
    text: {
      en: "Add this to the unit (systemctl edit), or the variable to the container, and restart",
      "zh-CN": "写进 unit（systemctl edit），或作为环境变量加到容器，然后重启",
    },
    command: "Environment=PYTHONUNBUFFERED=1",
  };
  const wrap: RemedyStep = {
    purpose: "fix",
    text: {
      en: "Flush in the program ($| = 1 in Perl, $stdout.sync = true in Ruby, fflush() in awk)",
      "zh-CN": "在程序里刷新（Perl 用 $| = 1，Ruby 用 $stdout.sync = true，awk 用 fflush()）",
    },
  };
  return {
    verdict: "warn",
    code: "held-back",
    message: {
      en: `${owner}: ${program} prints to ${to.en}. Unless its own code flushes, lines are held back until the buffer is full: late, and lost if it is killed.`,
      "zh-CN": `${owner}：${program} 输出到${to["zh-CN"]}。除非程序自己刷新，否则缓冲区满了才发出：日志会迟到，进程被杀时会丢失。`,
    },
    remedy: [python ? setting : wrap],
  };
}

function deleted(owner: string, file: string): Judged {
  return {
    verdict: "warn",
    code: "output-deleted",
    message: {
      en: `${owner} prints into ${file}, which was deleted: nobody can read it, and its space is not freed.`,
      "zh-CN": `${owner} 的输出写进了已被删除的 ${file}：没人读得到，空间也不会释放。`,
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Restart it, and let logrotate use copytruncate or tell the program to open the file anew",
          "zh-CN": "重启它；logrotate 改用 copytruncate，或通知程序重新打开文件",
        },
        command: "sudo lsof +L1",
      },
    ],
  };
}
