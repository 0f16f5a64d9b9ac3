import type { DrainCluster, PlacedPod } from "#common/kubernetes/drain-cluster.ts";
import type { Subject } from "#common/result.ts";
import { compare } from "./owners.ts";

/** Pods people deploy together, and the Services that lead to them. */
export type ServedGroup = { owner: Subject; pods: PlacedPod[]; services: Set<number> };

export const subjectKey = ({ kind, namespace = "", name }: Subject): string => `${kind}/${namespace}/${name}`;

/** Owners with a Service in front. DaemonSets, Jobs and static pods are not evicted, or not missed. */
const unserved = new Set(["DaemonSet", "Job", "CronJob", "Node"]);

export function servedGroups(
  { pods }: DrainCluster,
  ownerOf: (pod: PlacedPod["facts"]) => Subject,
): ServedGroup[] {
  const groups = new Map<string, ServedGroup>();
  for (const pod of pods) {
    if (pod.facts.ending || pod.facts.mirror || pod.services.length === 0) continue;
    const owner = ownerOf(pod.facts);
    if (unserved.has(owner.kind)) continue;
    const key = subjectKey(owner);
    const group = groups.get(key) ?? { owner, pods: [], services: new Set() };
    group.pods.push(pod);
    for (const service of pod.services) group.services.add(service);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

/**
 * The same from the Services' side: what a Service leads to stands for itself where one owner made all of it. Several
 * Services in front of the same owner are one group.
 */
export function frontedGroups(
  cluster: DrainCluster,
  ownerOf: (pod: PlacedPod["facts"]) => Subject,
): ServedGroup[] {
  const groups = new Map<string, ServedGroup>();
  for (const [index, pods] of podsBehind(cluster).entries()) {
    const owners = new Map(
      pods.map(({ facts }) => ownerOf(facts)).map((owner) => [subjectKey(owner), owner]),
    );
    const { namespace, name } = cluster.services[index] ?? { namespace: "", name: "" };
    const [only] = owners.size === 1 ? owners.values() : [{ kind: "Service", namespace, name }];
    if (!only || [...owners.values()].some(({ kind }) => unserved.has(kind))) continue;
    const group: ServedGroup = groups.get(subjectKey(only)) ?? { owner: only, pods: [], services: new Set() };
    group.pods = [...new Set([...group.pods, ...pods])];
    group.services.add(index);
    groups.set(subjectKey(only), group);
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

/** How many pods stand behind each Service, whoever made them. */
export function podsBehind({ pods, services }: DrainCluster): PlacedPod[][] {
  const behind: PlacedPod[][] = services.map(() => []);
  for (const pod of pods)
    if (!pod.facts.ending && !pod.facts.mirror)
      for (const service of pod.services) behind[service]?.push(pod);
  return behind;
}

export function serviceNames(cluster: DrainCluster, indexes: Iterable<number>): string[] {
  return [...indexes].map((index) => cluster.services[index]?.name ?? "").sort(compare);
}
