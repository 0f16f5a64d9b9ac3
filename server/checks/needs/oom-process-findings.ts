import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { unitOf } from "./cgroup-names.ts";
import { bytesText } from "./oom-kills.ts";
import { nextVictims, type ScoredProcess } from "./oom-processes.ts";

type Place = { machine: string; totalBytes: number; critical: readonly string[] };

/** Who would be next, whoever must not be, and whoever may never be and is large. */
export function processFindings(processes: readonly ScoredProcess[], place: Place): Finding[] {
  const next = nextVictims(processes, 5);
  return [
    ...(next.length > 0 ? [nextFinding(next, place.machine)] : []),
    ...place.critical.flatMap((name) => unprotected(name, processes, place.machine)),
    ...processes.flatMap((one) => untouchable(one, place)),
  ];
}

function nextFinding(next: readonly ScoredProcess[], machine: string): Finding {
  const [first] = next;
  const line = ({ pid, name, score, adj, rssBytes }: ScoredProcess) =>
    `${String(score).padStart(5)} ${String(adj).padStart(6)} ${bytesText(rssBytes).padStart(9)}  ${name} (${pid})`;
  return {
    verdict: "pass",
    code: "next-in-line",
    subject: { kind: "host", name: machine, part: "oom_score" },
    message: {
      en: `If memory ran out now, the kernel would end ${first?.name} first.`,
      "zh-CN": `如果现在内存耗尽，内核会先结束 ${first?.name}。`,
    },
    evidence: [{ source: "oom_score, oom_score_adj, resident", excerpt: next.map(line).join("\n") }],
  };
}

/** Of several processes of a name the best protected counts: the children of sshd go without on purpose. */
function unprotected(name: string, processes: readonly ScoredProcess[], machine: string): Finding[] {
  const best = processes
    .filter((one) => one.name === name.slice(0, 15) && one.pid !== 1)
    .reduce<ScoredProcess | null>((least, one) => (least && least.adj <= one.adj ? least : one), null);
  if (!best || best.adj < 0) return [];
  const unit = unitOf(best.group);
  const service = unit?.endsWith(".service") ? unit : null;
  return [
    {
      verdict: "warn",
      code: "critical-unprotected",
      subject: { kind: "host", name: machine, part: name },
      message: {
        en: `${name} (${best.pid}) has oom_score_adj ${best.adj}: to the kernel it is a process like any other, and the machine depends on it.`,
        "zh-CN": `${name}（${best.pid}）的 oom_score_adj 为 ${best.adj}：机器离不开它，而在内核眼里它和别的进程没有区别。`,
      },
      observed: `oom_score_adj ${best.adj}, oom_score ${best.score}`,
      expected: "oom_score_adj below 0",
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Let its unit say so, and restart it. Written into /proc, the number is gone with the process.",
            "zh-CN": "写进它的 systemd 单元并重启。直接写 /proc 的话，进程一重启就没了。",
          },
          command: service
            ? `printf '[Service]\\nOOMScoreAdjust=-900\\n' | sudo SYSTEMD_EDITOR=tee ${shellCommand("systemctl", "edit", service)}`
            : `echo -900 | sudo tee /proc/${best.pid}/oom_score_adj`,
        },
        {
          purpose: "verify",
          text: { en: "It is below zero", "zh-CN": "应小于零" },
          command: `cat /proc/${best.pid}/oom_score_adj`,
        },
      ],
    },
  ];
}

function untouchable({ pid, name, adj, rssBytes }: ScoredProcess, { machine, totalBytes }: Place): Finding[] {
  const percent = totalBytes > 0 ? Math.round((rssBytes / totalBytes) * 100) : 0;
  if (adj > -1000 || percent < 25 || pid === 1) return [];
  return [
    {
      verdict: "warn",
      code: "large-and-untouchable",
      subject: { kind: "host", name: machine, part: `${name} (${pid})` },
      message: {
        en: `${name} (${pid}) holds ${bytesText(rssBytes)}, ${percent} % of the memory, and may never be ended (oom_score_adj -1000): when it leaks, everything else is ended in its place.`,
        "zh-CN": `${name}（${pid}）占用 ${bytesText(rssBytes)}，为内存的 ${percent}%，又永远不会被杀（oom_score_adj -1000）：它一旦泄漏，别的进程都会替它死。`,
      },
      observed: "oom_score_adj -1000",
      expected: "-900, or a limit of its own",
    },
  ];
}
