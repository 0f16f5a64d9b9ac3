import type { Finding, Measurement } from "#common/result.ts";
import type { DatedKill } from "./oom-kills.ts";
import type { Memory } from "./oom-settings.ts";

const days = (seconds: number) => Math.round((seconds / 86_400) * 10) / 10;

type Told = {
  machine: string;
  kills: DatedKill[];
  complete: boolean;
  counted: number | null;
  groups: number;
  uptime: number;
  read: boolean;
  days: number;
};

/** What the kernel's counter adds to the log, which forgets and which root alone may read. */
export function logFinding({
  machine,
  kills,
  complete,
  counted,
  groups,
  uptime,
  read,
  days: window,
}: Told): Finding[] {
  const subject = { kind: "host", name: machine, part: "oom_kill" };
  const since = `${days(uptime)}`;
  if (counted !== null && counted > 0 && kills.length === 0 && !complete && groups === 0)
    return [
      {
        verdict: "warn",
        code: "kills-not-in-log",
        subject,
        message: {
          en: `The kernel ended ${counted} processes for memory since the start ${since} days ago; which and when is no longer, or not for this user, in its log.`,
          "zh-CN": `自 ${since} 天前启动以来，内核因内存结束了 ${counted} 个进程；是哪些、在何时，日志里已经没有，或当前用户无权查看。`,
        },
        observed: `oom_kill ${counted}`,
        expected: "oom_kill 0",
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "As root, as far back as there is a journal",
              "zh-CN": "以 root 查看，日志有多久就看多久",
            },
            command: "sudo journalctl _TRANSPORT=kernel --grep 'Killed process' --no-pager",
          },
        ],
      },
    ];
  if (kills.length > 0 || groups > 0) return [];
  if (!complete && counted === null)
    return [
      unreadPart(machine, "log-unread", "kernel log", read ? "no log that reaches back" : "not readable"),
    ];
  const span: { en: string; zh: string } =
    complete && uptime > window * 86_400
      ? { en: `within ${window} days`, zh: `${window} 天内` }
      : { en: `since the start ${since} days ago`, zh: `自 ${since} 天前启动以来` };
  return [
    {
      verdict: "pass",
      code: "no-kill",
      subject,
      message: {
        en: `No process was ended for memory ${span.en}.`,
        "zh-CN": `${span.zh}没有进程因内存被结束。`,
      },
      observed: counted === null ? "0 in the log" : `oom_kill ${counted}`,
    },
  ];
}

export function unreadPart(machine: string, code: string, part: string, why: string): Finding {
  return {
    verdict: "unknown",
    code,
    subject: { kind: "host", name: machine, part },
    message: { en: `${part} could not be read (${why}).`, "zh-CN": `无法读取 ${part}（${why}）。` },
  };
}

export function oomMeasurements(
  kills: number,
  counted: number | null,
  memory: Memory,
  minimum: number,
): Measurement[] {
  const { availableBytes, totalBytes } = memory;
  return [
    { name: "kills", value: kills, unit: "{kills}" },
    ...(counted === null ? [] : [{ name: "killsSinceStart", value: counted, unit: "{kills}" }]),
    ...(availableBytes === null || totalBytes === 0
      ? []
      : [
          {
            name: "availablePercent",
            value: Math.round((availableBytes / totalBytes) * 1000) / 10,
            unit: "%",
            warn: { below: minimum },
          },
        ]),
  ];
}
