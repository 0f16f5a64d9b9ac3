import type { HostStat } from "../../checks/needs/need.ts";

const kinds = new Map<number, HostStat["kind"]>([
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
  [0o140000, "socket"],
  [0o060000, "device"],
  [0o020000, "device"],
]);

/** What the upper bits of a mode say. */
export function kindOf(mode: number): HostStat["kind"] {
  return kinds.get(mode & 0o170000) ?? "other";
}

/** A line of `stat -c '%f %u %g %s %Y'`. */
export function parseStat(path: string, line: string): HostStat | undefined {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+)\s*$/.exec(line);
  if (!match) return undefined;
  const [uid, gid, bytes, seconds] = match.slice(2).map(Number);
  const mode = Number.parseInt(match[1] ?? "", 16);
  if (uid === undefined || gid === undefined || bytes === undefined || seconds === undefined)
    return undefined;
  const modifiedAt = new Date(seconds * 1000).toISOString();
  return { path, kind: kindOf(mode), mode: mode & 0o7777, uid, gid, bytes, modifiedAt };
}
