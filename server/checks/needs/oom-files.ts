import type { Finding } from "#common/result.ts";
import { fix, type OomSettings, type Warn } from "./oom-warn.ts";

/** Lines of a configuration that believe in what the kernel does not have, or no longer. */
export function parseOomLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().slice(0, 200))
    .filter((line) => !/^[#;]/.test(line))
    .filter((line) => /^-?\s*vm[./](oom[-_]kill|panic_on_oom)\s*=|\/oom_adj\b/.test(line))
    .slice(0, 20);
}

export type OomFile = { path: string; value: string[] };
type Configured = Record<"sysctlFile" | "sysctlFiles" | "initFiles" | "rcLocal" | "units", unknown>;

export function filesOf(facts: Configured): { path: string; value: string[] }[] {
  const one = (path: string, fact: unknown) =>
    Array.isArray(fact) ? [{ path, value: fact as string[] }] : [];
  const many = (fact: unknown) => (Array.isArray(fact) ? (fact as { path: string; value: string[] }[]) : []);
  return [
    ...one("/etc/sysctl.conf", facts.sysctlFile),
    ...many(facts.sysctlFiles),
    ...many(facts.initFiles),
    ...one("/etc/rc.local", facts.rcLocal),
    ...many(facts.units),
  ];
}

export function fileFindings({ path, value }: OomFile, { panicOnOom }: OomSettings, warn: Warn): Finding[] {
  const findings: Finding[] = [];
  const quoted = (lines: string[]) => [{ source: path, excerpt: lines.join("\n") }];
  const invented = value.filter((line) => /oom[-_]kill/.test(line));
  if (invented.length > 0)
    findings.push(
      warn(path, {
        code: "no-such-setting",
        message: {
          en: `${path} sets vm.oom-kill, which no kernel has: nothing is switched off, and sysctl reports an error at each start.`,
          "zh-CN": `${path} 设置了 vm.oom-kill，内核里没有这个参数：什么也没关掉，sysctl 每次启动都会报错。`,
        },
        evidence: quoted(invented),
        remedy: fix({
          en: "Take the line out; protect single processes instead",
          "zh-CN": "删掉这一行，改为保护单个进程",
        }),
      }),
    );
  const panics = value.filter((line) => /panic_on_oom\s*=\s*[12]/.test(line));
  if (panics.length > 0 && panicOnOom === 0)
    findings.push(
      warn(path, {
        code: "panic-at-next-start",
        message: {
          en: `${path} sets vm.panic_on_oom, which is 0 now: from the next start on the machine goes down when memory runs out.`,
          "zh-CN": `${path} 设置了 vm.panic_on_oom，而当前值是 0：下次启动后，内存耗尽会让整台机器崩溃。`,
        },
        evidence: quoted(panics),
      }),
    );
  const old = value.filter((line) => line.includes("oom_adj"));
  if (old.length > 0)
    findings.push(
      warn(path, {
        code: "oom-adj-written",
        message: {
          en: `${path} writes oom_adj, superseded since Linux 2.6.36: use oom_score_adj (-17 is -1000 there).`,
          "zh-CN": `${path} 写的是 oom_adj，Linux 2.6.36 起已被取代：请改用 oom_score_adj（-17 相当于 -1000）。`,
        },
        evidence: quoted(old),
        remedy: fix({
          en: "OOMScoreAdjust= in the unit is kept over restarts",
          "zh-CN": "写在单元的 OOMScoreAdjust= 里，重启后仍然有效",
        }),
      }),
    );
  return findings;
}
