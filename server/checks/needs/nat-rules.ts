/** What the rules of one family of addresses say about host ports. */
export type FamilyRules = {
  /** the jumps in PREROUTING that matter here, in their order */
  jumps: ("KUBE-SERVICES" | "CNI-HOSTPORT-DNAT")[];
  /** chains of the portmap plugin, or its own nftables table */
  portmap: boolean;
  /** "8080/TCP" for every port that portmap forwards */
  ports: string[];
};
/** What a node's NAT rules say about host ports: those of IPv4 and, kept apart, of IPv6. */
export type NatRules =
  | (FamilyRules & {
      /** portmap's own nftables table, which no jump has to lead to and which serves both families */
      own?: boolean;
      ip6?: FamilyRules;
    })
  | null;

const isJump = (name: string | undefined): name is "KUBE-SERVICES" | "CNI-HOSTPORT-DNAT" =>
  name === "KUBE-SERVICES" || name === "CNI-HOSTPORT-DNAT";

/** `iptables-save -t nat`; null where it failed (it needs root). */
export function parseIptablesSave({ stdout, exitCode }: { stdout: string; exitCode: number }): NatRules {
  if (exitCode !== 0) return null;
  const rules: NonNullable<NatRules> = { jumps: [], portmap: false, ports: [] };
  for (const line of stdout.split("\n")) {
    if (/^:CNI-HOSTPORT-DNAT\b/.test(line)) rules.portmap = true;
    const jump = /^-A PREROUTING .*-j (\S+)/.exec(line)?.[1];
    if (isJump(jump)) rules.jumps.push(jump);
    const forward = /^-A CNI-DN-\S+ .*-p (tcp|udp|sctp) .*--dport (\d+) .*-j DNAT/.exec(line);
    if (forward) rules.ports.push(`${forward[2]}/${forward[1]?.toUpperCase()}`);
  }
  return { ...rules, ports: [...new Set(rules.ports)] };
}

/** `nft list ruleset`: the rules of the nft flavour of iptables, and those of portmap's own nftables backend. */
export function parseNftRuleset({ stdout, exitCode }: { stdout: string; exitCode: number }): NatRules {
  if (exitCode !== 0) return null;
  const rules: NonNullable<NatRules> = { jumps: [], portmap: false, ports: [] };
  const ip6: FamilyRules = { jumps: [], portmap: false, ports: [] };
  let table = "";
  let chain = "";
  for (const line of stdout.split("\n")) {
    table = /^table (\S+ \S+)/.exec(line)?.[1] ?? table;
    chain = /^\s+chain (\S+)/.exec(line)?.[1] ?? chain;
    const own = table.endsWith(" cni_hostport");
    const family = table === "ip6 nat" ? ip6 : rules;
    if (own) rules.own = true;
    if (own || chain === "CNI-HOSTPORT-DNAT") family.portmap = true;
    const jump = /\bjump (\S+)/.exec(line)?.[1];
    if (chain === "PREROUTING" && isJump(jump)) family.jumps.push(jump);
    const forward = /\b(tcp|udp|sctp) dport (\d+)\b.*\b(?:dnat|DNAT)\b/.exec(line);
    if (forward && (own || chain.startsWith("CNI-DN-")))
      family.ports.push(`${forward[2]}/${forward[1]?.toUpperCase()}`);
  }
  const hasIp6 = ip6.portmap || ip6.jumps.length > 0;
  return {
    ...mergeFamily([rules]),
    ...(rules.own && { own: true }),
    ...(hasIp6 && { ip6: mergeFamily([ip6]) }),
  };
}

/** Both back ends may hold rules at once: what either forwards is forwarded. Null where neither could be read. */
export function mergeNatRules(all: NatRules[]): NatRules {
  const read = all.filter((rules) => rules !== null);
  if (read.length === 0) return null;
  const ip6 = read.flatMap((rules) => rules.ip6 ?? []);
  return {
    ...mergeFamily(read),
    ...(read.some(({ own }) => own) && { own: true }),
    ...(ip6.length > 0 && { ip6: mergeFamily(ip6) }),
  };
}

/** The order of jumps means something within one back end only: that of portmap, where there is one. */
function mergeFamily(read: FamilyRules[]): FamilyRules {
  const jumps = read.map((rules) => rules.jumps);
  return {
    jumps:
      jumps.find((one) => one.includes("CNI-HOSTPORT-DNAT")) ?? jumps.find((one) => one.length > 0) ?? [],
    portmap: read.some(({ portmap }) => portmap),
    ports: [...new Set(read.flatMap(({ ports }) => ports))],
  };
}
