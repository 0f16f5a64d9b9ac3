import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { fileFindings, type OomFile } from "./oom-files.ts";
import { bytesText } from "./oom-kills.ts";
import { fix, type OomSettings, type Warn } from "./oom-warn.ts";

export type Memory = {
  totalBytes: number;
  availableBytes: number | null;
  swapTotalBytes: number;
  swapFreeBytes: number;
  commitLimitBytes: number;
  committedBytes: number;
};

export function parseMeminfo(text: string): Memory {
  const field = (name: string) => {
    const value = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1];
    return value === undefined ? null : Number(value) * 1024;
  };
  return {
    totalBytes: field("MemTotal") ?? 0,
    availableBytes: field("MemAvailable"),
    swapTotalBytes: field("SwapTotal") ?? 0,
    swapFreeBytes: field("SwapFree") ?? 0,
    commitLimitBytes: field("CommitLimit") ?? 0,
    committedBytes: field("Committed_AS") ?? 0,
  };
}

export function settingFindings(
  settings: OomSettings,
  at: { machine: string; memory: Memory; files: readonly OomFile[]; minAvailablePercent: number },
): Finding[] {
  const subject = (part: string): Subject => ({ kind: "host", name: at.machine, part });
  const warn = (part: string, rest: Omit<Finding, "verdict" | "subject">): Finding => ({
    verdict: "warn",
    subject: subject(part),
    ...rest,
  });
  return [
    ...panicFinding(settings, warn),
    ...overcommitFinding(settings, at.memory, warn),
    ...memoryFindings(settings, at, warn),
    ...at.files.flatMap((file) => fileFindings(file, settings, warn)),
  ];
}

function panicFinding({ panicOnOom, panic }: OomSettings, warn: Warn): Finding[] {
  if (!panicOnOom) return [];
  const after: Text =
    panic === 0
      ? {
          en: "and stands there until somebody resets it (kernel.panic = 0)",
          "zh-CN": "并停在那里等人来复位（kernel.panic = 0）",
        }
      : { en: "and starts again", "zh-CN": "然后重启" };
  return [
    warn("vm.panic_on_oom", {
      code: "panic-on-oom",
      message: {
        en: `vm.panic_on_oom = ${panicOnOom}: instead of one process the whole machine goes down ${after.en}. It does not switch the killer off.`,
        "zh-CN": `vm.panic_on_oom = ${panicOnOom}：内存耗尽时不是丢一个进程，而是整台机器崩溃${after["zh-CN"]}。它并不能关闭 OOM killer。`,
      },
      observed: String(panicOnOom),
      expected: "0",
      remedy: fix(
        { en: "Unless a cluster manager wants exactly that", "zh-CN": "除非集群软件正需要这样" },
        "sudo sysctl -w vm.panic_on_oom=0",
      ),
    }),
  ];
}

function overcommitFinding({ overcommit }: OomSettings, memory: Memory, warn: Warn): Finding[] {
  const percent = memory.commitLimitBytes > 0 ? (memory.committedBytes / memory.commitLimitBytes) * 100 : 0;
  if (overcommit !== 2 || percent < 90) return [];
  return [
    warn("vm.overcommit_memory", {
      code: "commit-limit-near",
      message: {
        en: `vm.overcommit_memory = 2 and ${Math.round(percent)} % of what may be promised is promised: allocations and forks are about to fail, however much memory is free.`,
        "zh-CN": `vm.overcommit_memory = 2，可承诺的内存已承诺了 ${Math.round(percent)}%：即使还有空闲内存，申请内存和 fork 也快要失败了。`,
      },
      observed: `${bytesText(memory.committedBytes)} of ${bytesText(memory.commitLimitBytes)}`,
      expected: "below 90 %",
      remedy: fix(
        {
          en: "Add swap or raise the share of memory that may be promised",
          "zh-CN": "增加交换空间，或提高可承诺的比例",
        },
        "sysctl vm.overcommit_ratio vm.overcommit_kbytes",
      ),
    }),
  ];
}

function memoryFindings(
  { swappiness }: OomSettings,
  { memory, minAvailablePercent }: { memory: Memory; minAvailablePercent: number },
  warn: Warn,
): Finding[] {
  const { availableBytes, totalBytes, swapTotalBytes, swapFreeBytes } = memory;
  const available = availableBytes === null || totalBytes === 0 ? null : (availableBytes / totalBytes) * 100;
  const findings: Finding[] = [];
  if (available !== null && available < minAvailablePercent)
    findings.push(
      warn("MemAvailable", {
        code: "memory-nearly-gone",
        message: {
          en: `${bytesText(availableBytes ?? 0)} of ${bytesText(totalBytes)} are available (${Math.round(available)} %), and ${bytesText(swapFreeBytes)} of swap.`,
          "zh-CN": `可用内存只剩 ${bytesText(availableBytes ?? 0)}，共 ${bytesText(totalBytes)}（${Math.round(available)}%）；交换空间还剩 ${bytesText(swapFreeBytes)}。`,
        },
        observed: `${Math.round(available)} %`,
        expected: `≥ ${minAvailablePercent} %`,
      }),
    );
  if (swapTotalBytes > 0 && swappiness === 0)
    findings.push(
      warn("vm.swappiness", {
        code: "swap-unused",
        message: {
          en: `There are ${bytesText(swapTotalBytes)} of swap and vm.swappiness = 0: the kernel goes to it only when it is nearly too late.`,
          "zh-CN": `有 ${bytesText(swapTotalBytes)} 交换空间，但 vm.swappiness = 0：内核要到几乎来不及时才会用它。`,
        },
        observed: "0",
        expected: "≥ 1",
        remedy: fix(
          { en: "Let it swap a little", "zh-CN": "允许少量换出" },
          "sudo sysctl -w vm.swappiness=10",
        ),
      }),
    );
  return findings;
}
