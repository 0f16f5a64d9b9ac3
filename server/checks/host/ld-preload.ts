import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { host } from "../needs/host.ts";
import { librariesOfFile, type Preloads, parsePreloads, preloadScript } from "../needs/host-preloads.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { param } from "../needs/param.ts";
import { everyProgram, preloadFinding, preloadGroups } from "../needs/preload-findings.ts";

/**
 * Subject: the host; part: who loads (a process's name, or /etc/ld.so.preload) and the library.
 * Codes: preload (warn), preload-in-container (warn, pass where allowed), preload-unknown-library and preload-writable
 * (fail), preload-missing (fail for every program, else warn), preload-not-asked (unknown), preload-allowed and
 * preload-none (pass), processes-in-part, processes-unread and file-unread (unknown).
 */
export const check = defineCheck({
  id: "host/ld-preload",
  version: 2,
  title: { en: "Libraries loaded before all others", "zh-CN": "被预先加载的动态库" },
  why: {
    en: "A preloaded library may replace any function of a program: memory allocation, but also reading a directory or checking a password. That is how profilers work, and how rootkits hide.",
    "zh-CN":
      "预加载的库可以替换程序里的任何函数：内存分配，也可以是读目录或校验密码。性能分析工具靠它工作，rootkit 也靠它隐身。",
  },
  remedy: {
    en: "Know each of them: keep what a package brought and somebody can explain, and take out the rest.",
    "zh-CN": "逐个弄清来历：软件包带来的、有人说得清的可以留，其余的去掉。",
  },
  params: z.object({
    allow: param(
      z
        .string()
        .max(1000)
        .regex(/^([\w@%+=:./-]+(\s*,\s*[\w@%+=:./-]+)*)?$/)
        .default(""),
      {
        label: { en: "Libraries that are all right", "zh-CN": "允许的库" },
        help: {
          en: "Paths or the beginnings of paths, separated by commas.",
          "zh-CN": "路径或路径前缀，用英文逗号分隔。",
        },
        placeholder: "/opt/agent/",
      },
    ),
  }),
  needs: {
    machine: host.sysctl("kernel.hostname"),
    file: optional(host.file("/etc/ld.so.preload", librariesOfFile)),
    asRoot: optional(
      host.command(["sh", "-c", preloadScript], parsePreloads, { sudo: true, timeoutMs: 20_000 }),
    ),
    own: optional(
      host.command(["sh", "-c", `: own; ${preloadScript}`], parsePreloads, { timeoutMs: 20_000 }),
    ),
  },
  judge: ({ machine, file, asRoot, own }, { allow }) => {
    const read: Preloads | null = !isUnread(asRoot) ? asRoot : !isUnread(own) ? own : null;
    const forAll = isUnread(file) ? [] : [...new Set(file)];
    const allowed = allow
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    const known = new Map(read?.libraries.map((one) => [one.library, one]));
    const findings = preloadGroups(forAll, read?.uses ?? []).map((group) =>
      preloadFinding(machine, group, {
        library: known.get(group.library),
        allowed: allowed.some((prefix) => group.library.startsWith(prefix)),
      }),
    );
    if (isUnread(file) && file.unread.code !== "not-found")
      findings.push(unreadFinding(machine, "file-unread", everyProgram, file));
    if (!read && isUnread(own)) findings.push(unreadFinding(machine, "processes-unread", "/proc", own));
    else if (isUnread(asRoot)) findings.push(inPart(machine, asRoot, read?.processes ?? 0));
    return {
      findings: findings.length > 0 ? findings : [none(machine, read?.processes ?? 0)],
      measurements: read ? [{ name: "processes", value: read.processes, unit: "{processes}" }] : [],
    };
  },
});

function none(machine: string, processes: number): Finding {
  const message = {
    en: `Nothing is preloaded: /etc/ld.so.preload is empty or absent, and none of ${processes} processes has such a variable.`,
    "zh-CN": `没有任何预加载：/etc/ld.so.preload 为空或不存在，${processes} 个进程也都没有设置相关变量。`,
  };
  return {
    verdict: "pass",
    code: "preload-none",
    subject: { kind: "host", name: machine, part: "preload" },
    message,
  };
}

function unreadFinding(machine: string, code: string, part: string, fact: Unread): Finding {
  const message = {
    en: `${part} could not be read (${fact.unread.code}).`,
    "zh-CN": `无法读取 ${part}（${fact.unread.code}）。`,
  };
  return { verdict: "unknown", code, subject: { kind: "host", name: machine, part }, message };
}

function inPart(machine: string, fact: Unread, count: number): Finding {
  const message = {
    en: `Only the environments of ${count} processes of this user's own could be read (${fact.unread.code}); as root all are, with the sudoers lines of the host's page.`,
    "zh-CN": `只能读取当前用户自己的 ${count} 个进程的环境（${fact.unread.code}）；按主机页面的 sudoers 配置，以 root 可读取全部。`,
  };
  return {
    verdict: "unknown",
    code: "processes-in-part",
    subject: { kind: "host", name: machine, part: "/proc" },
    message,
  };
}
