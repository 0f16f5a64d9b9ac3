import type { DiscoveredVersion, KindCount } from "./kubernetes-requests.ts";
import { compare } from "./owners.ts";

/** What a server serves, each kind once, in the version that clients take. */

export type ServedKind = {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: number;
  listable: boolean;
  shortNames: string[];
  categories: string[];
};

export type Discovery = { kinds: ServedKind[]; versions: VersionSeen[] };
export type VersionSeen = {
  group: string;
  version: string;
  preferred: boolean;
  answered: boolean;
  detail: string;
  kinds: number;
};

/** Kinds without a verb to read them (reviews, tokens) are served, and never listed. */
export function readServed(versions: DiscoveredVersion[]): Discovery {
  const kinds = new Map<string, ServedKind>();
  const preferredFirst = versions.toSorted((a, b) => Number(b.preferred) - Number(a.preferred));
  for (const { group, version, resources } of preferredFirst)
    for (const { name, kind, namespaced, verbs, shortNames, categories } of resources) {
      const key = qualified({ group, resource: name });
      if (kinds.has(key)) continue;
      const listable = verbs.includes("list");
      kinds.set(key, {
        ...{ group, version, resource: name, kind, namespaced, listable, shortNames, categories },
        verbs: verbs.length,
      });
    }
  return {
    kinds: [...kinds.values()],
    versions: versions.map(({ group, version, preferred, answered, detail, resources }) => ({
      ...{ group, version, preferred, answered, detail, kinds: resources.length },
    })),
  };
}

export function qualified({ group, resource }: { group: string; resource: string }): string {
  return group === "" ? resource : `${resource}.${group}`;
}

/** Groups that ship with Kubernetes: one word, or below k8s.io; anybody may use *.x-k8s.io and still others. */
export function isBuiltIn(group: string): boolean {
  return !group.includes(".") || (group.endsWith(".k8s.io") && !custom.has(group));
}
const custom = new Set([
  "metrics.k8s.io",
  "custom.metrics.k8s.io",
  "external.metrics.k8s.io",
  "snapshot.storage.k8s.io",
  "gateway.networking.k8s.io",
]);

export type Counted = ServedKind & { count: number | null; why: KindCount["why"] };

/** Listable kinds with their counts, most first; events of the newer group are those of the core group again. */
export function countedKinds(kinds: ServedKind[], counts: KindCount[]): Counted[] {
  const byName = new Map(counts.map((count) => [qualified(count), count]));
  return kinds
    .filter((kind) => kind.listable && qualified(kind) !== "events.events.k8s.io")
    .map((kind) => {
      const found = byName.get(qualified(kind));
      return { ...kind, count: found?.count ?? null, why: found ? found.why : ("not-asked" as const) };
    })
    .toSorted((a, b) => (b.count ?? -1) - (a.count ?? -1) || compare(qualified(a), qualified(b)));
}
