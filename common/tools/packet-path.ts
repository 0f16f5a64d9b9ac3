/** A packet's way from a pod, hop by hop, for the usual set-ups of a cluster's network. */

export const networks = ["flannel-vxlan", "routes", "calico-ipip", "cilium-vxlan", "amazon-vpc"] as const;
export const proxies = ["iptables", "ipvs", "nftables", "ebpf"] as const;
export const goals = ["service", "other-node", "same-node", "outside"] as const;
export type Network = (typeof networks)[number];
export type Proxy = (typeof proxies)[number];
export type Goal = (typeof goals)[number];

export type PathInput = {
  network: Network;
  proxy: Proxy;
  goal: Goal;
  /** ready endpoints of the Service */
  endpoints: number;
  /** of the nodes' own network, in bytes */
  nodeMtu: number;
};

export const places = ["pod", "node", "wire", "other-node", "target"] as const;
export type Place = (typeof places)[number];

export type HopKind =
  | "leave"
  | "choose-socket"
  | "bridge"
  | "veth-route"
  | "program"
  | "choose-iptables"
  | "choose-ipvs"
  | "choose-nftables"
  | "direct"
  | "wrap-vxlan"
  | "wrap-ipip"
  | "route"
  | "cloud"
  | "unwrap"
  | "forward"
  | "masquerade"
  | "world"
  | "arrive";

export type Hop = {
  kind: HopKind;
  place: Place;
  from: string;
  to: string;
  /** addresses of the packet around it */
  outer?: { from: string; to: string };
};

const pods = { "flannel-vxlan": 1, routes: 1, "calico-ipip": 1, "cilium-vxlan": 1, "amazon-vpc": 0 } as const;
const nodes = { one: "192.168.10.11", other: "192.168.10.12" };

/** Example addresses. With the cloud's network pods live in the nodes' own ranges. */
export function addressesOf(network: Network) {
  const own = pods[network] === 1;
  return {
    client: own ? "10.244.1.5" : "192.168.10.105",
    neighbour: own ? "10.244.1.6" : "192.168.10.106",
    target: own ? "10.244.2.7" : "192.168.10.207",
    service: "10.96.44.3",
    world: "203.0.113.9",
    node: nodes.one,
    otherNode: nodes.other,
  };
}

/** What a wrapper takes from every packet, in bytes (IPv4 outside). */
export const overheadBytes: Record<Network, number> = {
  "flannel-vxlan": 50,
  routes: 0,
  "calico-ipip": 20,
  "cilium-vxlan": 50,
  "amazon-vpc": 0,
};

export function podMtu({ network, nodeMtu }: Pick<PathInput, "network" | "nodeMtu">): number {
  return nodeMtu - overheadBytes[network];
}

const entries: Record<Network, HopKind> = {
  "flannel-vxlan": "bridge",
  routes: "bridge",
  "calico-ipip": "veth-route",
  "cilium-vxlan": "program",
  "amazon-vpc": "veth-route",
};
const chooses: Record<Exclude<Proxy, "ebpf">, HopKind> = {
  iptables: "choose-iptables",
  ipvs: "choose-ipvs",
  nftables: "choose-nftables",
};

/** From one node to the other, with the packet as it is by then. */
function crossing(network: Network, from: string, to: string): Hop[] {
  const outer = { from: nodes.one, to: nodes.other };
  const wrapped = (wrap: HopKind): Hop[] => [
    { kind: wrap, place: "wire", from, to, outer },
    { kind: "unwrap", place: "other-node", from, to },
  ];
  switch (network) {
    case "flannel-vxlan":
    case "cilium-vxlan":
      return wrapped("wrap-vxlan");
    case "calico-ipip":
      return wrapped("wrap-ipip");
    case "routes":
    case "amazon-vpc":
      return [
        { kind: network === "routes" ? "route" : "cloud", place: "wire", from, to },
        { kind: "forward", place: "other-node", from, to },
      ];
  }
}

export function packetPath({ network, proxy, goal }: PathInput): Hop[] {
  const { client, neighbour, target, service, world, node } = addressesOf(network);
  const enter = (to: string): Hop => ({ kind: entries[network], place: "node", from: client, to });
  const leave = (to: string): Hop => ({ kind: "leave", place: "pod", from: client, to });
  const arrive = (from: string, to: string): Hop => ({ kind: "arrive", place: "target", from, to });
  switch (goal) {
    case "same-node":
      return [
        leave(neighbour),
        enter(neighbour),
        { kind: "direct", place: "node", from: client, to: neighbour },
        arrive(client, neighbour),
      ];
    case "other-node":
      return [leave(target), enter(target), ...crossing(network, client, target), arrive(client, target)];
    case "outside":
      return [
        leave(world),
        enter(world),
        { kind: "masquerade", place: "node", from: node, to: world },
        { kind: "world", place: "wire", from: node, to: world },
      ];
    case "service":
      return [
        ...serviceStart(proxy, leave, enter, { client, service, target }),
        ...crossing(network, client, target),
        arrive(client, target),
      ];
  }
}

/** With eBPF the address is exchanged when the program connects: no packet ever carries the Service's own. */
function serviceStart(
  proxy: Proxy,
  leave: (to: string) => Hop,
  enter: (to: string) => Hop,
  { client, service, target }: { client: string; service: string; target: string },
): Hop[] {
  if (proxy === "ebpf")
    return [{ kind: "choose-socket", place: "pod", from: client, to: service }, leave(target), enter(target)];
  return [leave(service), enter(service), { kind: chooses[proxy], place: "node", from: client, to: target }];
}

/** The probability that each of kube-proxy's rules is taken when it is reached: 1/n, 1/(n-1) … 1. */
export function ruleProbabilities(endpoints: number): number[] {
  return Array.from({ length: endpoints }, (_, index) => 1 / (endpoints - index));
}
