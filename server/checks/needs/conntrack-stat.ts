/** The counters of connection tracking that are judged, summed over all processors. */
const names = ["invalid", "drop", "early_drop", "insert_failed"] as const;
export type ConntrackCounters = Record<(typeof names)[number], number>;

/** /proc/net/stat/nf_conntrack: names in the first line, then a line of hexadecimal numbers for each processor. */
export function parseConntrackStat(text: string): ConntrackCounters | null {
  const [head = "", ...rows] = text.trim().split("\n");
  const columns = head.trim().split(/\s+/);
  if (!columns.includes("invalid") || rows.length === 0) return null;
  const sum = (name: string) => {
    const at = columns.indexOf(name);
    if (at === -1) return 0;
    return rows.reduce((all, row) => all + Number.parseInt(row.trim().split(/\s+/)[at] ?? "0", 16), 0);
  };
  return counted(sum);
}

/** `conntrack -S`, for kernels without that file; null where it failed. */
export function parseConntrackCommand({
  stdout,
  exitCode,
}: {
  stdout: string;
  exitCode: number;
}): ConntrackCounters | null {
  if (exitCode !== 0 || !/\binvalid=/.test(stdout)) return null;
  return counted((name) =>
    [...stdout.matchAll(new RegExp(`\\s${name}=(\\d+)`, "g"))].reduce(
      (all, match) => all + Number(match[1]),
      0,
    ),
  );
}

function counted(sum: (name: string) => number): ConntrackCounters {
  return {
    invalid: sum("invalid"),
    drop: sum("drop"),
    early_drop: sum("early_drop"),
    insert_failed: sum("insert_failed"),
  };
}

/** Where INVALID packets are dropped: "filter INPUT", "inet firewalld filter_INPUT" …; null where it failed. */
export type InvalidDrops = string[] | null;

type Output = { stdout: string; exitCode: number };

/** `iptables-save`, all tables. */
export function parseIptablesDrops({ stdout, exitCode }: Output): InvalidDrops {
  if (exitCode !== 0) return null;
  const found = new Set<string>();
  let table = "";
  for (const line of stdout.split("\n")) {
    table = /^\*(\w+)/.exec(line)?.[1] ?? table;
    const chain = /^-A (\S+) .*--(?:ct)?state (?:\S+,)?INVALID(?:,\S+)? .*-j DROP\b/.exec(line)?.[1];
    if (chain && !/! --(ct)?state/.test(line)) found.add(`${table} ${chain}`);
  }
  return [...found].sort();
}

/** `nft list ruleset`. */
export function parseNftDrops({ stdout, exitCode }: Output): InvalidDrops {
  if (exitCode !== 0) return null;
  const found = new Set<string>();
  let [table, chain] = ["", ""];
  for (const line of stdout.split("\n")) {
    table = /^table (\S+ \S+)/.exec(line)?.[1] ?? table;
    chain = /^\s+chain (\S+)/.exec(line)?.[1] ?? chain;
    const plain = /\bct state (?:\S+,)?invalid\b(?!.*\baccept\b).*\bdrop\b/.test(line);
    if (plain || /\bct state vmap \{.*\binvalid : drop\b/.test(line)) found.add(`${table} ${chain}`);
  }
  return [...found].sort();
}
