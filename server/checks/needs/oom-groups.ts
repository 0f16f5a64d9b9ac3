/** What a memory group counts of itself; null where there is nothing to tell. */
export type GroupEvents = {
  /** processes killed in it since it was made; null where an older kernel does not count them */
  killed: number | null;
  /** version 1: the killer is switched off for this group */
  off?: true;
  /** version 1: its processes stand still at the limit */
  stopped?: true;
} | null;

/** memory.events of version 2 counts what is below as well; memory.oom_control of version 1 its own alone. */
export function parseGroupEvents(text: string): GroupEvents {
  const field = (name: string) => {
    const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const killed = field("oom_kill");
  const off = field("oom_kill_disable") === 1;
  const stopped = off && field("under_oom") === 1;
  if (!killed && !off) return null;
  return { killed, ...(off && { off: true as const }), ...(stopped && { stopped: true as const }) };
}

export type MemoryGroup = { group: string; events: NonNullable<GroupEvents> };
type Read = { path: string; value: GroupEvents }[];

/** Groups with something to tell. Of a count that a parent only repeats, the deepest group is kept. */
export function tellingGroups(version2: readonly Read[], version1: readonly Read[]): MemoryGroup[] {
  const groups = (read: readonly Read[]) =>
    read.flat().flatMap(({ path, value }): MemoryGroup[] => {
      const folder = path.slice("/sys/fs/cgroup".length, path.lastIndexOf("/"));
      return value
        ? [{ group: folder.replace(/^\/(memory|unified)(?=\/|$)/, "") || "/", events: value }]
        : [];
    });
  const nested = groups(version2);
  const own = nested.flatMap((one) => {
    const below = nested
      .filter(({ group }) => isChild(group, one.group))
      .reduce((sum, { events }) => sum + (events.killed ?? 0), 0);
    const killed = (one.events.killed ?? 0) - below;
    return killed > 0 ? [{ group: one.group, events: { ...one.events, killed } }] : [];
  });
  return [...own, ...groups(version1)].toSorted((a, b) => (a.group < b.group ? -1 : 1));
}

function isChild(group: string, parent: string): boolean {
  return group !== parent && group.slice(0, group.lastIndexOf("/")) === (parent === "/" ? "" : parent);
}
