import type { LogClock, OomKill, OomLogs } from "./oom-log.ts";

export type DatedKill = OomKill & { atMs: number | null };

/** The kills of the last days, each once, though journal and ring may both tell of it; without a date they count. */
export function datedKills(
  read: OomLogs,
  at: { now: Date; uptimeSeconds: number; days: number },
): DatedKill[] {
  const bootMs = at.now.getTime() - at.uptimeSeconds * 1000;
  const seen = new Set<string>();
  const since = at.now.getTime() - at.days * 86_400_000;
  return read.logs.flatMap(({ kills }) => {
    const dated = kills.map((kill) => ({ ...kill, atMs: timeOf(kill.at, at.now, bootMs) }));
    const key = (kill: DatedKill) => `${kill.pid}/${kill.name}/${kill.limitGroup}`;
    const fresh = dated.filter((kill) => !seen.has(key(kill)));
    for (const kill of fresh) seen.add(key(kill));
    return fresh.filter(({ atMs }) => atMs === null || atMs >= since);
  });
}

function timeOf(at: LogClock, now: Date, bootMs: number): number | null {
  if (at === null) return null;
  if (at.clock !== "calendar") return (at.clock === "uptime" ? bootMs : 0) + at.seconds * 1000;
  if (/^\d{4}-/.test(at.text)) return Date.parse(at.text) || null;
  // A syslog of old tells no year: the last time that such a day was.
  const guess = Date.parse(`${at.text} ${now.getUTCFullYear()} UTC`);
  if (Number.isNaN(guess)) return null;
  return guess > now.getTime() + 86_400_000
    ? Date.parse(`${at.text} ${now.getUTCFullYear() - 1} UTC`)
    : guess;
}

/** The numbers of "1.4 GiB". */
export function bytesText(bytes: number): string {
  const [value, unit] =
    bytes >= 2 ** 30
      ? [bytes / 2 ** 30, "GiB"]
      : bytes >= 2 ** 20
        ? [bytes / 2 ** 20, "MiB"]
        : [bytes / 1024, "KiB"];
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}

export const lastOf = (kills: readonly DatedKill[]): string => {
  const times = kills.flatMap(({ atMs }) => atMs ?? []);
  return times.length === 0 ? "?" : `${new Date(Math.max(...times)).toISOString().slice(0, 16)}Z`;
};

/** "14:03 java (4242), 1.4 GiB, oom_score_adj 985" a line, the newest first. */
export function killLines(kills: readonly DatedKill[]): string {
  return kills
    .toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0) || b.pid - a.pid)
    .slice(0, 10)
    .map((kill) => {
      const size = kill.anonKb === null ? "" : `, ${bytesText(kill.anonKb * 1024)}`;
      const adj = kill.adj === null ? "" : `, oom_score_adj ${kill.adj}`;
      const pid = kill.pid > 0 ? ` (${kill.pid})` : "";
      return `${lastOf([kill])} ${kill.name}${pid}${size}${adj}`;
    })
    .join("\n");
}
