import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import { interned } from "./interned.ts";
import { fullHost, hostsMeet, serviceOf, visibleFrom } from "./istio-hosts.ts";
import { type MeshConfig, meshConfigNeed, rootNamespaceOf } from "./istio-mesh-config.ts";
import type { DestinationRule, ServiceEntry } from "./istio-routing.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import type { Unread } from "./need.ts";
import { compare, type OwnedPod, pickOwner } from "./owners.ts";

/** Istio's registry: which Services, external hosts and pods a name leads to, and which DestinationRule holds for it. */

type Labels = Record<string, string>;
export type MeshPort = {
  port: number;
  name: string;
  protocol: string;
  appProtocol?: string;
  /** the container port's name, where the Service speaks of it by name */
  target?: string;
};
export type MeshService = {
  namespace: string;
  name: string;
  /** null: its endpoints are made by hand or lie outside, and pods say nothing about them */
  selector: Labels | null;
  headless: boolean;
  external: boolean;
  /** pods that are not ready count as well */
  unready: boolean;
  ports: MeshPort[];
  exportTo: string[];
};
export type MeshPod = OwnedPod & { labels: Labels; ready: boolean; proxied: boolean };

export function pickMeshService({ metadata, spec }: Service): MeshService {
  const exportTo = metadata?.annotations?.["networking.istio.io/exportTo"];
  const selector = spec?.selector ?? {};
  const ports = spec?.ports ?? [];
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    selector: Object.keys(selector).length > 0 ? selector : null,
    headless: spec?.clusterIP === "None",
    external: spec?.type === "ExternalName",
    unready: spec?.publishNotReadyAddresses ?? false,
    ports: ports.map(({ port, name = "", protocol = "TCP", appProtocol, targetPort }) => ({
      port,
      name,
      protocol,
      ...(appProtocol && { appProtocol }),
      ...(typeof targetPort === "string" && { target: targetPort }),
    })),
    exportTo: exportTo?.split(",").map((part) => part.trim()) ?? [],
  };
}

/** A pod that a Service may send to; finished pods are no endpoints. */
export function pickMeshPod({ metadata, spec, status }: Pod): MeshPod | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const isReady = status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
  return {
    ...pickOwner(metadata),
    labels: interned(metadata?.labels ?? {}),
    ready: isReady && metadata?.deletionTimestamp === undefined,
    proxied: containers.some(({ name }) => name === "istio-proxy"),
  };
}

/** What stands behind the routes. Shared with whoever needs more of the same objects: one list per kind and run. */
export const registryNeeds = {
  services: kubernetes.list(kinds.Service, pickMeshService),
  pods: kubernetes.list(kinds.Pod, pickMeshPod),
  mesh: meshConfigNeed,
};

export function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

export type Target =
  | { kind: "Service"; host: string; service: MeshService }
  | { kind: "ServiceEntry"; host: string; entry: ServiceEntry };

export type Registry = {
  /** what a host means to the objects of a namespace; null: nothing of that name */
  target: (host: string, namespace: string) => Target | null;
  service: (namespace: string, name: string) => MeshService | undefined;
  /** the pods behind a Service, or those of one subset of it */
  podsOf: (service: Pick<MeshService, "namespace" | "selector">, subset?: Labels) => MeshPod[];
  podsWith: (selector: Labels) => MeshPod[];
  /** the rules that hold for a host when somebody in `client` calls it; several of one namespace are merged */
  rulesFor: (host: string, client: string) => DestinationRule[];
  /** the namespace whose rules hold for all others */
  root: string;
};

export type RegistryFacts = {
  services: readonly MeshService[];
  pods: readonly MeshPod[];
  serviceEntries: readonly ServiceEntry[];
  destinationRules: readonly DestinationRule[];
  mesh: readonly MeshConfig[] | Unread;
};

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Of the rules of a namespace those for the very host, or else for the longest wildcard that covers it. */
function closest(rules: readonly DestinationRule[], host: string): DestinationRule[] {
  const matching = rules.filter((rule) => hostsMeet(fullHost(rule.host, rule.namespace), host));
  const lengths = matching.map((rule) => fullHost(rule.host, rule.namespace)).map(rank);
  const best = Math.max(...lengths);
  return matching.filter((_, index) => lengths[index] === best);
}

function rank(host: string): number {
  return host.startsWith("*") ? host.length : Number.MAX_SAFE_INTEGER;
}

function homeOf(target: Target | null): string[] {
  if (!target) return [];
  return [target.kind === "Service" ? target.service.namespace : target.entry.namespace];
}

export function meshRegistry(facts: RegistryFacts): Registry {
  const services = new Map(facts.services.map((one) => [`${one.namespace}/${one.name}`, one]));
  const podsIn = grouped(facts.pods, ({ namespace }) => namespace);
  const rulesIn = grouped(facts.destinationRules, ({ namespace }) => namespace);
  const entries = facts.serviceEntries.toSorted((a, b) =>
    compare(a.namespace + a.name, b.namespace + b.name),
  );
  const entriesOf = new Map<string, ServiceEntry>();
  for (const entry of entries)
    for (const host of entry.hosts) if (!entriesOf.has(host)) entriesOf.set(host, entry);
  const wild = [...entriesOf].filter(([host]) => host.startsWith("*"));

  const found = new Map<string, MeshPod[]>();
  const once = (key: string, find: () => MeshPod[]) => {
    const pods = found.get(key) ?? find();
    found.set(key, pods);
    return pods;
  };

  const target: Registry["target"] = (written, namespace) => {
    const host = fullHost(written, namespace);
    const named = serviceOf(host);
    const service = named && services.get(`${named.namespace}/${named.name}`);
    if (service) return { kind: "Service", host, service };
    const entry = entriesOf.get(host) ?? wild.find(([pattern]) => hostsMeet(pattern, host))?.[1];
    return entry ? { kind: "ServiceEntry", host, entry } : null;
  };

  const root = rootNamespaceOf(facts.mesh);

  return {
    root,
    target,
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    podsOf: ({ namespace, selector }, subset = {}) =>
      selector === null
        ? []
        : once(`${namespace} ${JSON.stringify([selector, subset])}`, () =>
            (podsIn.get(namespace) ?? []).filter(
              ({ labels }) => carries(labels, selector) && carries(labels, subset),
            ),
          ),
    podsWith: (selector) =>
      once(JSON.stringify(selector), () => facts.pods.filter(({ labels }) => carries(labels, selector))),
    rulesFor: (host, client) => {
      // The root namespace's own rules come last even for the gateways that live there.
      const own = client === root ? [] : [client];
      for (const namespace of new Set([...own, ...homeOf(target(host, client)), root])) {
        const seen = (rulesIn.get(namespace) ?? []).filter(({ exportTo }) =>
          visibleFrom(exportTo, namespace, client),
        );
        const rules = closest(seen, host);
        if (rules.length > 0) return rules;
      }
      return [];
    },
  };
}
