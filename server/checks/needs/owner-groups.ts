import type { Subject } from "#common/result.ts";
import { compare, type OwnedPod } from "./owners.ts";

/** The pods of one owner that have the same thing the matter with them. */
export type OwnerGroup<P, What> = { owner: Subject; what: What; pods: P[] };

/**
 * Groups what is the matter with pods by owner and `keyOf`, so that a hundred pods of one Deployment make one finding.
 * In a stable order, the pods by name.
 */
export function groupByOwner<P extends OwnedPod, What>(
  pods: readonly P[],
  ownerOf: (pod: OwnedPod) => Subject,
  whatOf: (pod: P) => readonly What[],
  keyOf: (what: What) => string,
): OwnerGroup<P, What>[] {
  const groups = new Map<string, OwnerGroup<P, What>>();
  for (const pod of pods.toSorted((a, b) => compare(a.name, b.name))) {
    for (const what of whatOf(pod)) {
      const owner = ownerOf(pod);
      const key = `${owner.kind}/${owner.namespace}/${owner.name}/${keyOf(what)}`;
      const known = groups.get(key);
      if (known) known.pods.push(pod);
      else groups.set(key, { owner, what, pods: [pod] });
    }
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

/** "1 pod", "3 pods", and in Chinese. */
export function podCount(count: number): { en: string; "zh-CN": string } {
  return { en: count === 1 ? "1 pod" : `${count} pods`, "zh-CN": `${count} 个 Pod` };
}

/** "kubectl get -o yaml" of an owner, as words. */
export function showOwner({ kind, name, namespace = "" }: Subject): string[] {
  return ["kubectl", "get", kind.toLowerCase(), name, "--namespace", namespace, "--output", "yaml"];
}
