import { parseAddress } from "#common/kubernetes/ip-range.ts";
import type { CommandStep } from "./command-step.ts";

/** One virtual server of IPVS by hand: the commands that make it, those that take it away, and who watches it. */

export const ipvsSchedulers = ["rr", "wrr", "lc", "wlc", "sh", "dh", "sed", "nq"] as const;
export const returnPaths = ["rule", "set"] as const;
export const ipvsProtocols = ["tcp", "udp"] as const;

export type IpvsInput = {
  /** address:port */
  service: string;
  /** address:port, or address:port=weight */
  servers: string;
  protocol: (typeof ipvsProtocols)[number];
  scheduler: (typeof ipvsSchedulers)[number];
  /** how replies are made to come back through this host */
  returnPath: (typeof returnPaths)[number];
};

type Server = { address: string; port: number; weight: number };
export type IpvsProblem =
  | { field: "service"; code: "malformed" | "not-usable" }
  | {
      field: "servers";
      code: "none" | "malformed" | "not-usable" | "twice" | "is-service" | "too-many";
      word?: string;
    };

const most = 64;

function readServer(text: string): Server | null {
  const [, address = "", port = "", weight = "1"] =
    /^([0-9.]+):([0-9]{1,5})(?:=([0-9]{1,5}))?$/.exec(text) ?? [];
  const at = parseAddress(address);
  if (at?.version !== 4 || Number(port) < 1 || Number(port) > 65_535 || Number(weight) > 65_535) return null;
  return { address, port: Number(port), weight: Number(weight) };
}

/** Addresses that no packet of another host can have: this network, loopback, multicast and reserved ones. */
function isUsable(address: string): boolean {
  const [first = 0] = address.split(".").map(Number);
  return first !== 0 && first !== 127 && first < 224;
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");
const nameOf = ({ address, port }: Server) => `${address}:${port}`;

export function ipvsProblems({ service, servers }: IpvsInput): IpvsProblem[] {
  const problems: IpvsProblem[] = [];
  const virtual = service.includes("=") ? null : readServer(service.trim());
  if (!virtual) problems.push({ field: "service", code: "malformed" });
  else if (!isUsable(virtual.address)) problems.push({ field: "service", code: "not-usable" });
  const list = words(servers);
  if (list.length === 0) problems.push({ field: "servers", code: "none" });
  if (list.length > most) problems.push({ field: "servers", code: "too-many" });
  const seen = new Set<string>();
  for (const word of list.slice(0, most)) {
    const server = readServer(word);
    if (!server) problems.push({ field: "servers", code: "malformed", word });
    else if (!isUsable(server.address)) problems.push({ field: "servers", code: "not-usable", word });
    else if (seen.has(nameOf(server))) problems.push({ field: "servers", code: "twice", word });
    else if (server.address === virtual?.address)
      problems.push({ field: "servers", code: "is-service", word });
    if (server) seen.add(nameOf(server));
  }
  return problems;
}

type Plan = { virtual: Server; servers: Server[]; input: IpvsInput };

function planOf(input: IpvsInput): Plan | null {
  if (ipvsProblems(input).length > 0) return null;
  const virtual = readServer(input.service.trim());
  return (
    virtual && { virtual, servers: words(input.servers).flatMap((word) => readServer(word) ?? []), input }
  );
}

const device = "svc";
const set = "SVC-CLUSTER-IP";
const mark = "0x2000/0x2000";

/** The rules of a variant, without -A or -D: made in this order, taken away in the other. */
function natRules({ virtual, input: { protocol, returnPath } }: Plan): string[] {
  if (returnPath === "rule")
    return [
      `POSTROUTING -m ipvs --vproto ${protocol} --vaddr ${virtual.address} --vport ${virtual.port} -j MASQUERADE`,
    ];
  return [
    `SVC-MARK-MASQ -j MARK --set-xmark ${mark}`,
    `SVC-SERVICES -m set --match-set ${set} dst,dst -j SVC-MARK-MASQ`,
    `SVC-POSTROUTING -m mark --mark ${mark} -j MASQUERADE`,
    "PREROUTING -j SVC-SERVICES",
    "OUTPUT -j SVC-SERVICES",
    "POSTROUTING -j SVC-POSTROUTING",
  ];
}

const chains = ["SVC-MARK-MASQ", "SVC-SERVICES", "SVC-POSTROUTING"];

function applyScript(plan: Plan): string {
  const { virtual, servers, input } = plan;
  const { protocol, scheduler, returnPath } = input;
  const member = `${virtual.address},${protocol}:${virtual.port}`;
  const addRule = (rule: string) => `iptables -t nat -C ${rule} 2>/dev/null || iptables -t nat -A ${rule}`;
  return [
    "set -eu",
    `modprobe -a ip_vs ip_vs_${scheduler}${returnPath === "rule" ? " xt_ipvs" : ""}`,
    "sysctl -w net.ipv4.vs.conntrack=1 net.ipv4.ip_forward=1",
    `ip link show dev ${device} >/dev/null 2>&1 || ip link add ${device} type dummy`,
    `ip address replace ${virtual.address}/32 dev ${device}`,
    ...(returnPath === "set"
      ? [
          `ipset create ${set} hash:ip,port -exist`,
          `ipset add ${set} ${member} -exist`,
          ...chains.map((chain) => `iptables -t nat -N ${chain} 2>/dev/null || true`),
        ]
      : []),
    ...natRules(plan).map(addRule),
    `ipvsadm --add-service --${protocol}-service ${nameOf(virtual)} --scheduler ${scheduler}`,
    ...servers.map(
      (server) =>
        `ipvsadm --add-server --${protocol}-service ${nameOf(virtual)} --real-server ${nameOf(server)} --masquerading --weight ${server.weight}`,
    ),
    "ipvsadm -ln",
  ].join("\n");
}

/** Takes away what belongs to this virtual server; what others may share goes only when it is empty. */
function undoScript(plan: Plan): string {
  const { virtual, input } = plan;
  const { protocol, returnPath } = input;
  const remove = natRules(plan)
    .toReversed()
    .map((rule) => `iptables -t nat -D ${rule}`);
  const shared = [
    ...remove.map((line) => `  ${line}`),
    ...chains.toReversed().map((chain) => `  iptables -t nat -X ${chain}`),
    `  ipset destroy ${set}`,
  ];
  return [
    "set -u",
    `ipvsadm --delete-service --${protocol}-service ${nameOf(virtual)}`,
    ...(returnPath === "rule"
      ? remove
      : [
          `ipset del ${set} ${virtual.address},${protocol}:${virtual.port} -exist`,
          `if ! ipset save ${set} | grep -q '^add '; then`,
          ...shared,
          "fi",
        ]),
    `ipvsadm -ln | grep -qF ' ${virtual.address}:' || ip address del ${virtual.address}/32 dev ${device}`,
    `ip -o address show dev ${device} | grep -q 'inet ' || ip link del ${device}`,
  ].join("\n");
}

function keepalived({ virtual, servers, input: { protocol, scheduler } }: Plan): string {
  const check = protocol === "tcp" ? "TCP_CHECK" : "UDP_CHECK";
  return [
    `virtual_server ${virtual.address} ${virtual.port} {`,
    "    delay_loop 5",
    `    lb_algo ${scheduler}`,
    "    lb_kind NAT",
    `    protocol ${protocol.toUpperCase()}`,
    ...servers.flatMap(({ address, port, weight }) => [
      `    real_server ${address} ${port} {`,
      `        weight ${weight}`,
      `        ${check} {`,
      "            connect_timeout 3",
      "            retry 2",
      "        }",
      "    }",
    ]),
    "}",
  ].join("\n");
}

export function ipvsSteps(input: IpvsInput): CommandStep[] {
  const plan = planOf(input);
  if (!plan) return [];
  return [
    { id: "apply", code: applyScript(plan) },
    { id: "health", code: keepalived(plan) },
    { id: "undo", code: undoScript(plan) },
  ];
}
