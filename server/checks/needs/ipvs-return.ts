import type { VirtualServer } from "./ipvs-table.ts";

type Output = { stdout: string; exitCode: number };

/** The rules of the nat table that decide whether replies come back through this host. */
export type ReturnRules = {
  /** MASQUERADE or SNAT by the ipvs match; null: whatever address or port */
  byVirtual: { address: string | null; port: number | null }[];
  /** sets whose members get a mark */
  markedSets: string[];
  /** destinations that get a mark without a set */
  markedAddresses: { address: string; port: number | null }[];
  /** MASQUERADE or SNAT that looks at a mark, in its own rule or because its chain returns without one */
  byMark: boolean;
  /** MASQUERADE or SNAT of everything that leaves */
  ofAll: boolean;
} | null;

const option = (line: string, name: string) => new RegExp(`(?:^|\\s)${name} (\\S+)`).exec(line)?.[1] ?? null;
const bare = (address: string) => address.replace(/\/(32|128)$/, "");

/** `iptables-save -t nat`; null where it failed. */
export function parseReturnRules({ stdout, exitCode }: Output): ReturnRules {
  if (exitCode !== 0) return null;
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("-A "))
    .map((line) => line.replace(/ -m comment --comment ("(?:[^"\\]|\\.)*"|\S+)/, ""));
  const marking = markingChains(lines);
  const rules: NonNullable<ReturnRules> = {
    ...{ byVirtual: [], markedSets: [], markedAddresses: [], byMark: false, ofAll: false },
  };
  for (const line of lines) {
    const target = option(line, "-j") ?? "";
    if (target === "MASQUERADE" || target === "SNAT") readSource(line, lines, rules);
    else if (marking.has(target) || target === "MARK") readMark(line, rules);
  }
  return rules;
}

const chainOf = (line: string) => line.split(" ")[1] ?? "";

/** Chains that mark whatever gets there, if only by a chain they jump to. */
function markingChains(lines: string[]): Set<string> {
  const marking = new Set(lines.filter((line) => / -j MARK /.test(line)).map(chainOf));
  const jumps = lines.filter((line) => !/ -m set /.test(line));
  for (let before = -1; before !== marking.size; ) {
    before = marking.size;
    for (const line of jumps) if (marking.has(option(line, "-j") ?? "")) marking.add(chainOf(line));
  }
  return marking;
}

function readSource(line: string, lines: string[], rules: NonNullable<ReturnRules>): void {
  const port = option(line, "--vport");
  const address = option(line, "--vaddr");
  const returns = lines.some((each) => chainOf(each) === chainOf(line) && /--mark .* -j RETURN/.test(each));
  if (/ -m ipvs /.test(line) && !/! --(vaddr|vport|ipvs)/.test(line))
    rules.byVirtual.push({
      address: address && bare(address),
      port: port === null ? null : Number(port),
    });
  else if (/ -m mark /.test(line) || returns) rules.byMark = true;
  else if (!/ (-s|-d|-i|-p|-m (?!comment))/.test(line)) rules.ofAll = true;
}

function readMark(line: string, rules: NonNullable<ReturnRules>): void {
  const set = /(?<!! )--match-set (\S+) \S*dst/.exec(line)?.[1];
  const address = / -d (\S+)/.exec(line)?.[1];
  const port = option(line, "--dport");
  if (set) rules.markedSets.push(set);
  else if (address && !line.includes("! -d"))
    rules.markedAddresses.push({ address: bare(address), port: port === null ? null : Number(port) });
}

/** `ipset save`: the members of each set, as "address,tcp:80", and for sets of ports alone "80". */
export type IpSets = Record<string, string[]> | null;

export function parseIpSets({ stdout, exitCode }: Output): IpSets {
  if (exitCode !== 0) return null;
  const sets: Record<string, string[]> = {};
  for (const line of stdout.split("\n")) {
    const [word, name = "", member] = line.split(" ");
    if (word === "create") sets[name] ??= [];
    // Three-part members say which endpoint may reach itself: no virtual server is one.
    if (word === "add" && member && member.split(",").length < 3) {
      const members = sets[name] ?? [];
      members.push(member);
      sets[name] = members;
    }
  }
  return sets;
}

/** Whether replies to this virtual server's clients are made to come back; null: not to be told without the sets. */
export function comesBack(
  { protocol, address, port }: VirtualServer,
  rules: NonNullable<ReturnRules>,
  sets: IpSets,
): boolean | null {
  const fits = (one: { address: string | null; port: number | null }) =>
    (one.address === null || one.address === address) && (one.port === null || one.port === port);
  if (rules.ofAll || rules.byVirtual.some(fits)) return true;
  if (!rules.byMark) return false;
  if (rules.markedAddresses.some(fits)) return true;
  if (rules.markedSets.length === 0) return false;
  if (sets === null) return null;
  const members = new Set([`${address},${protocol}:${port}`, `${address}`, `${port}`]);
  return rules.markedSets.some((set) => (sets[set] ?? []).some((member) => members.has(member)));
}
