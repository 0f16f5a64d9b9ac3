/** A line of /etc/subuid or /etc/subgid: from `start` on, `count` ids belong to the user. */
export type IdRange = { user: string; start: number; count: number };

export function parseSubIds(text: string): IdRange[] {
  return text.split("\n").flatMap((line) => {
    const [, user, start, count] = /^([^:#\s]+):(\d+):(\d+)\s*$/.exec(line.trim()) ?? [];
    return user ? [{ user, start: Number(start), count: Number(count) }] : [];
  });
}

/** Two users that own the same ids own each other's files; each pair once. */
export function overlaps(ranges: readonly IdRange[]): [IdRange, IdRange][] {
  const sorted = [...ranges].sort((a, b) => a.start - b.start || (a.user < b.user ? -1 : 1));
  const found: [IdRange, IdRange][] = [];
  let widest: IdRange | undefined;
  for (const range of sorted) {
    if (widest && range.start < widest.start + widest.count && range.user !== widest.user)
      found.push([widest, range]);
    if (!widest || range.start + range.count > widest.start + widest.count) widest = range;
  }
  return found;
}

export function countOf(ranges: readonly IdRange[], user: string): number {
  return ranges.filter((range) => range.user === user).reduce((sum, { count }) => sum + count, 0);
}

/** `stat -L -c "%f %u %n"`: raw mode in hexadecimal, owner and name; what does not exist has no line. */
export type MappingTool = { name: string; setuidRoot: boolean };

export function parseMappingTools({ stdout }: { stdout: string }): MappingTool[] {
  return stdout.split("\n").flatMap((line) => {
    const [, mode, owner, path] = /^([0-9a-f]+) (\d+) (\S+)$/.exec(line) ?? [];
    if (!mode || !path) return [];
    const setuidRoot = owner === "0" && (Number.parseInt(mode, 16) & 0o4000) !== 0;
    return [{ name: path.split("/").at(-1) ?? path, setuidRoot }];
  });
}

/** Names of the programs that `getcap` says may set user or group ids. */
export function parseCapabilities({ stdout }: { stdout: string }): string[] {
  return stdout
    .split("\n")
    .filter((line) => /cap_set[ug]id\b/.test(line))
    .map((line) => line.split(/[\s=]/)[0]?.split("/").at(-1) ?? "");
}
