/** What a node's NAT rules say about host ports. */
export type NatRules = {
  /** the jumps in PREROUTING that matter here, in their order */
  jumps: ("KUBE-SERVICES" | "CNI-HOSTPORT-DNAT")[];
  /** chains of the portmap plugin, or its own nftables table */
  portmap: boolean;
  /** portmap's own nftables table, which no jump has to lead to */
  own?: boolean;
  /** "8080/TCP" for every port that portmap forwards */
  ports: string[];
} | null;

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
  let table = "";
  let chain = "";
  for (const line of stdout.split("\n")) {
    table = /^table (\S+ \S+)/.exec(line)?.[1] ?? table;
    chain = /^\s+chain (\S+)/.exec(line)?.[1] ?? chain;
    const own = table.endsWith(" cni_hostport");
    if (own) rules.own = true;
    if (own || chain === "CNI-HOSTPORT-DNAT") rules.portmap = true;
    const jump = /\bjump (\S+)/.exec(line)?.[1];
    if (chain === "PREROUTING" && isJump(jump)) rules.jumps.push(jump);
    const forward = /\b(tcp|udp|sctp) dport (\d+)\b.*\b(?:dnat|DNAT)\b/.exec(line);
    if (forward && (own || chain.startsWith("CNI-DN-")))
      rules.ports.push(`${forward[2]}/${forward[1]?.toUpperCase()}`);
  }
  return { ...rules, ports: [...new Set(rules.ports)] };
}

/** Both back ends may hold rules at once: what either forwards is forwarded. Null where neither could be read. */
export function mergeNatRules(all: NatRules[]): NatRules {
  const read = all.filter((rules) => rules !== null);
  if (read.length === 0) return null;
  return {
    jumps: read.find(({ jumps }) => jumps.length > 0)?.jumps ?? [],
    portmap: read.some(({ portmap }) => portmap),
    ...(read.some(({ own }) => own) && { own: true }),
    ports: [...new Set(read.flatMap(({ ports }) => ports))],
  };
}
