import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { containerIdOf } from "./cgroup-names.ts";
import { type ContainerLabel, groupTitle } from "./container-labels.ts";
import type { MemoryGroup } from "./oom-groups.ts";
import { type DatedKill, killLines, lastOf } from "./oom-kills.ts";

export type KillPlace = {
  machine: string;
  now: Date;
  days: number;
  failKills: number;
  labels: readonly ContainerLabel[];
};

const names = (kills: readonly DatedKill[]) => [...new Set(kills.map(({ name }) => name))].sort().slice(0, 5);

/** One finding for the machine's own memory, one for each group that reached its limit, one for each of systemd-oomd. */
export function killFindings(kills: readonly DatedKill[], place: KillPlace): Finding[] {
  const groups = Map.groupBy(kills, ({ limitGroup, by }) => `${by}\n${limitGroup ?? ""}`);
  return [...groups.values()].map((all) => {
    const [first] = all;
    if (first?.limitGroup == null) return machineFinding(all, place);
    return first.by === "systemd-oomd"
      ? oomdFinding(first.limitGroup, all, place)
      : groupFinding(first.limitGroup, all, place);
  });
}

function machineFinding(kills: readonly DatedKill[], place: KillPlace): Finding {
  const recent = kills.some(({ atMs }) => atMs !== null && atMs > place.now.getTime() - 86_400_000);
  return {
    verdict: recent ? "fail" : "warn",
    code: "machine-out-of-memory",
    subject: { kind: "host", name: place.machine, part: "memory" },
    message: {
      en: `The machine itself ran out of memory and the kernel ended ${processes(kills.length).en}, last at ${lastOf(kills)}: ${names(kills).join(", ")}. Whoever was largest was hit, not whoever caused it.`,
      "zh-CN": `整机内存耗尽，内核结束了 ${kills.length} 个进程，最近一次在 ${lastOf(kills)}：${names(kills).join("、")}。被杀的是占用最大的，不一定是惹祸的。`,
    },
    observed: processes(kills.length).en,
    expected: "0",
    evidence: [{ source: "kernel log", excerpt: killLines(kills) }],
    remedy: [
      {
        purpose: "inspect",
        text: { en: "Who holds the memory now", "zh-CN": "现在是谁占着内存" },
        command: "ps -eo pid,user,rss,oom_score_adj:6,comm --sort=-rss 2>/dev/null | head -n 15",
      },
      {
        purpose: "fix",
        text: {
          en: "Give what grows a limit of its own (MemoryMax= of its unit, the limit of its container), so that it ends alone, or give the machine more memory.",
          "zh-CN":
            "给会膨胀的服务设自己的上限（systemd 单元的 MemoryMax=，或容器的限制），让它自己承担后果；否则就加内存。",
        },
      },
    ],
  };
}

function groupFinding(group: string, kills: readonly DatedKill[], place: KillPlace): Finding {
  const title = groupTitle(group, place.labels);
  const { length } = kills;
  return {
    verdict: length >= place.failKills ? "fail" : "warn",
    code: "group-out-of-memory",
    subject: { kind: "host", name: place.machine, part: title.en },
    message: {
      en: `${title.en} reached its memory limit: the kernel ended ${processes(length).en} within ${place.days} days (${names(kills).join(", ")}), last at ${lastOf(kills)}.`,
      "zh-CN": `${title["zh-CN"]} 达到内存上限：${place.days} 天内内核结束了 ${length} 个进程（${names(kills).join("、")}），最近一次在 ${lastOf(kills)}。`,
    },
    observed: processes(length).en,
    expected: `0 (fail from ${place.failKills})`,
    evidence: [{ source: `kernel log, ${group}`, excerpt: killLines(kills) }],
    remedy: remedyOf(group, place.labels),
  };
}

function oomdFinding(group: string, kills: readonly DatedKill[], place: KillPlace): Finding {
  const title = groupTitle(group, place.labels);
  return {
    verdict: "warn",
    code: "killed-by-systemd-oomd",
    subject: { kind: "host", name: place.machine, part: title.en },
    message: {
      en: `systemd-oomd ended ${title.en}, last at ${lastOf(kills)}: its programs waited for memory for too long. The kernel's log knows nothing of it.`,
      "zh-CN": `systemd-oomd 结束了 ${title["zh-CN"]}，最近一次在 ${lastOf(kills)}：其中的程序等待内存太久。内核日志里没有记录。`,
    },
    observed: `${kills.length}`,
    evidence: [{ source: "journal of systemd-oomd", excerpt: killLines(kills) }],
    remedy: [
      {
        purpose: "inspect",
        text: { en: "What it measured", "zh-CN": "当时的测量值" },
        command: "journalctl --unit systemd-oomd --no-pager --lines 50; oomctl",
      },
    ],
  };
}

function remedyOf(group: string, labels: readonly ContainerLabel[]): RemedyStep[] {
  const label = labels.find(({ id }) => id === containerIdOf(group));
  const command = label
    ? shellCommand("kubectl", "top", "pod", label.pod, "--namespace", label.namespace, "--containers")
    : "systemd-cgtop --order=memory --iterations=1";
  return [
    {
      purpose: "inspect",
      text: { en: "What it uses, and how that moves", "zh-CN": "它用了多少内存、走势如何" },
      command,
    },
    {
      purpose: "fix",
      text: {
        en: "Measure first: a curve that only rises is a leak. Then size heap and caches by the limit, or raise the limit above the peak.",
        "zh-CN": "先测量：只升不降是泄漏。然后按限制来定堆和缓存的大小，或把限制提高到峰值之上。",
      },
    },
  ];
}

/** Groups that say something of themselves: those that count kills no log tells of, and those without the killer. */
export function groupFindings(groups: readonly MemoryGroup[], named: boolean, place: KillPlace): Finding[] {
  return groups.flatMap(({ group, events }): Finding[] => {
    const title = groupTitle(group, place.labels);
    const subject: Subject = { kind: "host", name: place.machine, part: title.en };
    const source = [{ source: group, excerpt: JSON.stringify(events) }];
    if (events.off) return [killerOff(subject, title, { stopped: events.stopped === true, group })];
    if (named || !events.killed) return [];
    return [
      {
        verdict: "warn",
        code: "group-kills-counted",
        subject,
        message: {
          en: `${title.en} counts ${processes(events.killed).en} that the kernel ended in it since it was made; the log that would tell when could not be read to its end.`,
          "zh-CN": `${title["zh-CN"]} 自建立以来有 ${events.killed} 个进程因内存被内核结束；能说明时间的日志没能读全。`,
        },
        observed: `oom_kill ${events.killed}`,
        expected: "oom_kill 0",
        evidence: source,
        remedy: remedyOf(group, place.labels),
      },
    ];
  });
}

function killerOff(subject: Subject, title: Text, at: { stopped: boolean; group: string }): Finding {
  const message: Text = at.stopped
    ? {
        en: `${title.en} has reached its limit with the OOM killer switched off: its processes stand still until somebody frees memory or raises the limit.`,
        "zh-CN": `${title["zh-CN"]} 已达到上限，而 OOM killer 被关掉了：其中的进程会一直停住，直到有人释放内存或调大上限。`,
      }
    : {
        en: `${title.en} has the OOM killer switched off (memory.oom_control): at its limit its processes will stand still instead of ending.`,
        "zh-CN": `${title["zh-CN"]} 关掉了 OOM killer（memory.oom_control）：达到上限时进程不会被结束，而是停住不动。`,
      };
  return {
    verdict: at.stopped ? "fail" : "warn",
    code: at.stopped ? "group-stands-still" : "killer-switched-off",
    subject,
    message,
    observed: `oom_kill_disable 1, under_oom ${at.stopped ? 1 : 0}`,
    expected: "oom_kill_disable 0",
    remedy: [
      {
        purpose: "fix",
        text: { en: "Switch it on again", "zh-CN": "重新打开" },
        command: `echo 0 | sudo tee ${shellCommand(`/sys/fs/cgroup/memory${at.group === "/" ? "" : at.group}/memory.oom_control`)}`,
      },
    ],
  };
}

function processes(count: number): Text {
  return { en: count === 1 ? "1 process" : `${count} processes`, "zh-CN": `${count} 个进程` };
}
