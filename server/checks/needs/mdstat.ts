type MdMember = { device: string; slot: number; faulty: boolean; spare: boolean };

/** One software RAID array as /proc/mdstat tells it. Sizes in KiB ("blocks"). */
export type MdArray = {
  name: string;
  active: boolean;
  readOnly: boolean;
  /** "raid1"; null for an inactive array */
  level: string | null;
  members: MdMember[];
  sizeKib: number;
  /** [configured/working] members; null where the level has no redundancy to count */
  wanted: number | null;
  working: number | null;
  /** "recovery = 12.6%", "resync=PENDING" */
  activity: string | null;
};

/** Also null-free for a kernel with md and no arrays: []. Throws rather than overlook an array. */
export function parseMdstat(text: string): MdArray[] {
  if (!text.startsWith("Personalities")) throw new Error("it does not begin with the personalities");
  const arrays: MdArray[] = [];
  for (const line of text.split("\n")) {
    const head = /^(md\S*) : (active|inactive)(?: \(([a-z-]+)\))? ?(.*)$/.exec(line);
    if (!head && /^md\S* :/.test(line)) throw new Error(`an array in a state that is not known: ${line}`);
    if (head?.[1]) arrays.push(readHead(head[1], head[2] === "active", head[3], head[4] ?? ""));
    const array = arrays.at(-1);
    if (array && /^\s/.test(line)) readDetail(array, line);
  }
  return arrays;
}

function readHead(name: string, active: boolean, mode: string | undefined, rest: string): MdArray {
  const words = rest.split(/\s+/).filter(Boolean);
  const level = words[0]?.includes("[") ? null : (words.shift() ?? null);
  return {
    name,
    active,
    readOnly: mode?.includes("read-only") ?? false,
    level,
    members: words.flatMap((word) => {
      const match = /^(.+)\[(\d+)\]((?:\([A-Z]\))*)$/.exec(word);
      if (!match?.[1]) return [];
      const flags = match[3] ?? "";
      return [
        { device: match[1], slot: Number(match[2]), faulty: flags.includes("F"), spare: flags.includes("S") },
      ];
    }),
    sizeKib: 0,
    wanted: null,
    working: null,
    activity: null,
  };
}

function readDetail(array: MdArray, line: string): void {
  const blocks = /^\s+(\d+) blocks\b/.exec(line)?.[1];
  if (blocks) array.sizeKib = Number(blocks);
  const counts = /\[(\d+)\/(\d+)\] \[[U_]+\]/.exec(line);
  if (counts) {
    array.wanted = Number(counts[1]);
    array.working = Number(counts[2]);
  }
  const activity = /\b(recovery|resync|reshape|check|repair)\s*=\s*(\S+%|PENDING|DELAYED)/.exec(line);
  if (activity) array.activity = `${activity[1]} = ${activity[2]}`;
}
