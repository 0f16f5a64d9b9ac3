import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { groupsOf, outputFinding } from "../needs/output-findings.ts";
import { param } from "../needs/param.ts";
import { type OutputProcess, outputScript, parseOutputs } from "../needs/process-output.ts";

/** Sessions of people are no services. */
const session = /^(session-.*\.scope|user@.*\.service)$/;

/**
 * Subject: the host; part: the unit (or the process), its program and where its output goes.
 * Codes: line-buffered, unbuffered, fully-buffered and discarded (pass), held-back and output-deleted (warn),
 * processes-unread (unknown), processes-in-part (unknown).
 */
export const check = defineCheck({
  id: "host/stdout-buffering",
  version: 3,
  title: { en: "Where services print, and how late", "zh-CN": "服务的输出去向与缓冲" },
  why: {
    en: "Printed to a terminal, a line is there at once. Printed to a pipe, a file or the journal, most programs hold back some kilobytes: the log is minutes late, and its end is missing after a crash, just where the cause stood.",
    "zh-CN":
      "输出到终端，一行立刻可见；输出到管道、文件或 journald，多数程序会攒够几 KB 才发。日志晚几分钟才到，崩溃后又恰好缺了写着原因的最后一段。",
  },
  remedy: {
    en: "Switch the interpreter's buffering off, flush after each line in the program, or wrap it in stdbuf.",
    "zh-CN": "关掉解释器的缓冲，在程序里逐行刷新，或用 stdbuf 包一层。",
  },
  params: z.object({
    all: param(z.boolean().default(false), {
      label: { en: "Also processes that are no services", "zh-CN": "也包括不属于服务的进程" },
    }),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    asRoot: optional(
      host.command(["sh", "-c", outputScript], parseOutputs, { sudo: true, timeoutMs: 20_000 }),
    ),
    own: optional(host.command(["sh", "-c", `: own; ${outputScript}`], parseOutputs, { timeoutMs: 20_000 })),
  },
  judge: ({ machine, asRoot, own }, { all }) => {
    if (isUnread(asRoot) && isUnread(own)) return { findings: [unreadFinding(machine, own)] };
    const read = isUnread(asRoot) ? (isUnread(own) ? [] : own) : asRoot;
    const hasUnits = read.some(({ unit }) => unit?.endsWith(".service"));
    const chosen = read.filter((process) => all || isService(process, hasUnits));
    const findings = groupsOf(chosen).map((group) => outputFinding(machine, group));
    if (isUnread(asRoot)) findings.push(inPart(machine, asRoot, read.length));
    if (findings.length === 0)
      return { skip: { what: "processes of services", detail: "none with an output" } };
    return { findings, measurements: [{ name: "processes", value: chosen.length, unit: "{processes}" }] };
  },
});

/** Without systemd every process that does not print to a terminal may be a service. */
function isService({ unit, target }: OutputProcess, hasUnits: boolean): boolean {
  if (unit !== null) return !session.test(unit);
  return !hasUnits && target !== "terminal";
}

function unreadFinding(machine: string, fact: Unread): Finding {
  const message = {
    en: `The processes could not be looked at (${fact.unread.code}).`,
    "zh-CN": `无法查看进程（${fact.unread.code}）。`,
  };
  return {
    verdict: "unknown",
    code: "processes-unread",
    subject: { kind: "host", name: machine, part: "/proc" },
    message,
  };
}

function inPart(machine: string, fact: Unread, count: number): Finding {
  const message = {
    en: `Only ${count} processes of this user's own could be looked at (${fact.unread.code}); as root all are, with the sudoers lines of the host's page.`,
    "zh-CN": `只能查看当前用户自己的 ${count} 个进程（${fact.unread.code}）；按主机页面的 sudoers 配置，以 root 可查看全部。`,
  };
  return {
    verdict: "unknown",
    code: "processes-in-part",
    subject: { kind: "host", name: machine, part: "/proc" },
    message,
  };
}
