import { type ContainerLabel, labelOf } from "./container-labels.ts";

/** When a line was written, by whichever clock its log has. */
export type LogClock =
  | { clock: "unix" | "uptime"; seconds: number }
  | { clock: "calendar"; text: string }
  | null;

/** One process that was ended for memory, as a log tells it. */
export type OomKill = {
  pid: number;
  name: string;
  at: LogClock;
  /** the group whose limit was reached; null: the machine's own memory */
  limitGroup: string | null;
  /** the group the process was in, where the log says it */
  group: string | null;
  by: "kernel" | "systemd-oomd";
  adj: number | null;
  anonKb: number | null;
};

export type OomLog = {
  source: "journal" | "ring" | "file";
  /** it reaches back to the boot, or over the whole time that is asked for */
  complete: boolean;
  kills: OomKill[];
};

export type OomLogs = { logs: OomLog[]; containers: ContainerLabel[] };

const words =
  "[Kk]illed process|Kill process|oom-kill:constraint=|killed as a result of limit|memory.oom.group set|^.{0,120}Killed /.* due to";

/**
 * The journal where there is one, else the file of a syslog daemon, and the kernel's ring; of each the lines of OOM
 * kills alone. Then the names of containers. It holds no double quote, which sudoers cannot hold.
 */
export const oomLogScript = `exec 2>/dev/null; IFS=; w='${words}'; j=; command -v journalctl >/dev/null && for d in /var/log/journal/* /run/log/journal/*; do [ -d $d ] && ls $d/*.journal >/dev/null && j=yes; done; set -f; [ $j ] && { printf 'source\\tjournal\\n'; journalctl --no-pager --quiet --output short-unix --since -30days _TRANSPORT=kernel + SYSLOG_IDENTIFIER=systemd-oomd | grep -E $w | tail -n 900; }; [ $j ] || for f in /var/log/messages /var/log/kern.log /var/log/syslog; do [ -r $f ] && { printf 'source\\tfile\\n'; grep -E $w $f | tail -n 900; break; }; done; r=$(dmesg) && { printf 'source\\tring\\n'; printf '%s\\n' $r | head -n 1; printf '%s\\n' $r | grep -E $w | tail -n 900; }; printf 'source\\tnames\\n'; ls /var/log/containers | tail -n 2000; :`;

export function parseOomLogs({ stdout }: { stdout: string }): OomLogs {
  const logs: OomLog[] = [];
  const containers: ContainerLabel[] = [];
  const [, ...parts] = `\n${stdout}`.split(/\nsource\t/);
  for (const part of parts) {
    const [source, ...lines] = part.split("\n");
    if (source === "names") containers.push(...lines.flatMap(labelOf));
    if (source !== "journal" && source !== "ring" && source !== "file") continue;
    // A ring that has turned over no longer begins with the boot's own first line.
    const complete = source === "journal" || (source === "ring" && /^\[ {4}0\.0/.test(lines[0] ?? ""));
    logs.push({ source, complete, kills: killsIn(lines) });
  }
  return { logs, containers };
}

/** What lines before it said of a kill: newer kernels by number of process, older ones just before. */
type Announced = { limitGroup: string | null; group: string | null };

export function killsIn(lines: readonly string[]): OomKill[] {
  const kills: OomKill[] = [];
  const byPid = new Map<number, Announced>();
  let last: Announced | undefined;
  for (const line of lines) {
    const constraint = /oom-kill:constraint=(\w+),.*?task_memcg=([^,]*),task=.*,pid=(\d+),uid=/.exec(line);
    if (constraint) {
      const limit = /,oom_memcg=([^,]*),/.exec(line)?.[1] ?? null;
      last = {
        limitGroup: constraint[1] === "CONSTRAINT_MEMCG" ? limit : null,
        group: constraint[2] ?? null,
      };
      byPid.set(Number(constraint[3]), last);
    }
    const task = /Task in (\S+) killed as a result of limit of (\S+)/.exec(line);
    if (task) last = { group: task[1] ?? null, limitGroup: task[2] ?? null };
    const whole = /Tasks in (\S+) are going to be killed due to memory\.oom\.group set/.exec(line);
    if (whole) last = { group: whole[1] ?? null, limitGroup: last?.limitGroup ?? whole[1] ?? null };
    const kill = killIn(line, byPid, last) ?? oomdKillIn(line);
    if (kill) kills.push(kill);
    if (kill && !/cgroup out of memory/.test(line)) last = undefined;
  }
  return kills;
}

function killIn(line: string, byPid: Map<number, Announced>, last: Announced | undefined): OomKill | null {
  const [, pid, name = "?"] = /[Kk]illed process (\d+),? \((.*?)\)/.exec(line) ?? [];
  if (pid === undefined) return null;
  const announced = byPid.get(Number(pid)) ?? last;
  const number = (pattern: RegExp) => {
    const text = pattern.exec(line)?.[1];
    return text === undefined ? null : Number(text);
  };
  const inGroup = /Memory cgroup out of memory/.test(line);
  return {
    ...{ pid: Number(pid), name, at: clockOf(line), by: "kernel" },
    group: announced?.group ?? null,
    limitGroup: announced?.limitGroup ?? (inGroup ? "?" : null),
    adj: number(/oom_score_adj:(-?\d+)/),
    anonKb: number(/anon-rss:(\d+)kB/),
  };
}

function oomdKillIn(line: string): OomKill | null {
  const group = /Killed (\/\S+) due to (?:memory|swap)/.exec(line)?.[1];
  if (!group) return null;
  const name = group.split("/").at(-1) ?? group;
  const nothing = { adj: null, anonKb: null, pid: 0 };
  return { name, at: clockOf(line), group, limitGroup: group, by: "systemd-oomd", ...nothing };
}

function clockOf(line: string): LogClock {
  const uptime = /^\[ *(\d+\.\d+)\]/.exec(line)?.[1];
  if (uptime) return { clock: "uptime", seconds: Number(uptime) };
  const unix = /^(\d{9,}\.\d+) /.exec(line)?.[1];
  if (unix) return { clock: "unix", seconds: Number(unix) };
  const text = /^(\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) /.exec(line)?.[1];
  return text ? { clock: "calendar", text } : null;
}
