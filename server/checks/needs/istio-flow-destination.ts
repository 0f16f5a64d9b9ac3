import { almostService, fullHost, visibleFrom } from "./istio-hosts.ts";
import {
  type Break,
  type DestinationHop,
  type GatewayHop,
  keyOf,
  subjectOf,
  type World,
} from "./istio-links.ts";
import type { MeshService, Target } from "./istio-registry.ts";
import type { Destination, DestinationRule, VirtualService } from "./istio-routing.ts";

/** The second half of the way: from a route to its Service, its subset and the pods behind them. */

type Place = { at: string; owner: VirtualService; destination: Destination };

export function breaksOfDestination(
  { at, owner, destination }: Place,
  through: readonly GatewayHop[],
  root: VirtualService,
  world: World,
): DestinationHop {
  const target = world.registry.target(destination.host, owner.namespace);
  const hop = { at, destination, target, pods: [], breaks: [] };
  if (!target) return { ...hop, breaks: [missing(owner, destination, at, world)] };
  const clients = clientsOf(through, root);
  const breaks = [
    ...notExported(target, clients),
    ...portBreaks({ at, owner, destination }, target, through, root, world),
  ];
  if (target.kind === "ServiceEntry") {
    if (target.entry.empty)
      breaks.push({
        code: "no-endpoint",
        verdict: "fail",
        subject: subjectOf("ServiceEntry", target.entry),
        words: { host: target.host },
      });
    const chosen = subsetOf({ at, owner, destination }, target.host, clients, world);
    return { ...hop, ...(chosen.rule && { rule: chosen.rule }), breaks: [...breaks, ...chosen.breaks] };
  }
  const chosen = subsetOf({ at, owner, destination }, target.host, clients, world);
  const all = world.registry.podsOf(target.service);
  const pods = chosen.labels ? world.registry.podsOf(target.service, chosen.labels) : all;
  const isUsed = destination.weight !== 0 && chosen.breaks.length === 0;
  return {
    ...hop,
    ...(chosen.rule && { rule: chosen.rule }),
    pods: chosen.breaks.length > 0 ? [] : pods,
    breaks: [
      ...breaks,
      ...chosen.breaks,
      ...(isUsed ? podBreaks(target.service, all, chosen.rule, destination.subset, pods) : []),
    ],
  };
}

/** From where the route's requests are sent on: the namespaces of the gateways' pods, and for sidecars its own. */
function clientsOf(through: readonly GatewayHop[], root: VirtualService): string[] {
  const found = through.flatMap(({ at, pods }) =>
    at === null
      ? [root.namespace]
      : pods.length > 0
        ? pods.map(({ namespace }) => namespace)
        : [at.namespace],
  );
  return [...new Set(found)].sort();
}

function missing(owner: VirtualService, { host }: Destination, at: string, world: World): Break {
  const full = fullHost(host, owner.namespace);
  const almost = almostService(host);
  const meant = almost && world.registry.service(almost.namespace, almost.name);
  return {
    code: "missing-destination",
    verdict: "fail",
    subject: subjectOf("VirtualService", owner, host),
    words: { host, full, at, meant: meant ? `${meant.name}.${meant.namespace}.svc.cluster.local` : "" },
  };
}

function notExported(target: Target, clients: readonly string[]): Break[] {
  const object = target.kind === "Service" ? target.service : target.entry;
  const blind = clients.find((client) => !visibleFrom(object.exportTo, object.namespace, client));
  if (blind === undefined) return [];
  return [
    {
      code: "not-exported",
      verdict: "fail",
      subject: subjectOf(target.kind, object),
      words: { client: blind, exportTo: object.exportTo.join(", ") },
    },
  ];
}

function portBreaks(
  { at, owner, destination: { host, port } }: Place,
  target: Target,
  through: readonly GatewayHop[],
  root: VirtualService,
  world: World,
): Break[] {
  const ports = target.kind === "Service" ? target.service.ports.map((one) => one.port) : target.entry.ports;
  if (ports.length === 0) return [];
  const known = ports.join(", ");
  if (port !== undefined && !ports.includes(port))
    return [
      {
        code: "missing-port",
        verdict: "fail",
        subject: subjectOf("VirtualService", owner, `${host}:${port}`),
        words: { at, host, port: String(port), known },
      },
    ];
  if (port !== undefined || ports.length === 1) return [];
  // Without a port the one of the listener is taken, which the destination must have as well.
  const asked = listenerPorts(through, root, world).filter((one) => !ports.includes(one));
  if (asked.length === 0) return [];
  return [
    {
      code: "port-not-chosen",
      verdict: "fail",
      subject: subjectOf("VirtualService", owner, host),
      words: { at, host, asked: [...new Set(asked)].join(", "), known },
    },
  ];
}

function listenerPorts(through: readonly GatewayHop[], root: VirtualService, world: World): number[] {
  return through.flatMap(({ at, servers }) => {
    if (at !== null) return servers.filter(({ redirects }) => !redirects).flatMap(({ port }) => port ?? []);
    return root.hosts.flatMap((host) => {
      const called = world.registry.target(host, root.namespace);
      return called?.kind === "Service" ? called.service.ports.map(({ port }) => port) : [];
    });
  });
}

type Chosen = {
  rule?: { namespace: string; name: string };
  labels?: Record<string, string>;
  breaks: Break[];
};

function subsetOf(
  { at, owner, destination: { host, subset } }: Place,
  full: string,
  clients: readonly string[],
  world: World,
): Chosen {
  if (subset === undefined) return { breaks: [] };
  let chosen: Chosen = { breaks: [] };
  for (const client of clients) {
    const rules = world.registry.rulesFor(full, client);
    const rule = rules.find(({ subsets }) => subsets.some(({ name }) => name === subset));
    if (!rule) {
      const words = { at, host, subset, client, ...knownOf(rules) };
      const subject = subjectOf("VirtualService", owner, `${host}/${subset}`);
      return { breaks: [{ code: "missing-subset", verdict: "fail", subject, words }] };
    }
    const labels = rule.subsets.find(({ name }) => name === subset)?.labels ?? {};
    chosen = { rule: { namespace: rule.namespace, name: rule.name }, labels, breaks: [] };
  }
  return chosen;
}

function knownOf(rules: readonly DestinationRule[]): { rules: string; known: string } {
  const known = rules.flatMap(({ subsets }) => subsets.map(({ name }) => name));
  return { rules: rules.map(keyOf).join(", "), known: [...new Set(known)].join(", ") };
}

function podBreaks(
  service: MeshService,
  all: DestinationHop["pods"],
  rule: Chosen["rule"],
  subset: string | undefined,
  pods: DestinationHop["pods"],
): Break[] {
  if (service.selector === null || service.external) return [];
  const usable = (some: DestinationHop["pods"]) => some.some(({ ready }) => ready || service.unready);
  if (usable(pods)) return [];
  // Where the whole Service is empty, its subsets need no word of their own.
  const isSubset = rule !== undefined && subset !== undefined && usable(all);
  const looked = isSubset ? pods : all;
  return [
    {
      code: looked.length === 0 ? "no-pod" : "no-ready-pod",
      verdict: "fail",
      subject: isSubset ? subjectOf("DestinationRule", rule, subset) : subjectOf("Service", service),
      words: {
        service: keyOf(service),
        subset: isSubset ? subset : "",
        pods: String(looked.length),
        selector: Object.entries(service.selector)
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
      },
    },
  ];
}
