import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { interned } from "./interned.ts";
import { kinds, kubernetes } from "./kubernetes.ts";
import { isUnread, optional, type Unread } from "./need.ts";

/** Who made an object: its controlling owner, and what names the Deployment where ReplicaSets cannot be read. */
export type OwnerHint = { kind: string; name: string; hash?: string };
export type OwnedPod = { namespace: string; name: string; owner?: OwnerHint };
export type OwnedObject = { namespace: string; name: string; owner?: OwnerHint };

/** The part of a pod's metadata that owner resolution needs. */
export function pickOwner(metadata: ObjectMeta | undefined): OwnedPod {
  const controller = metadata?.ownerReferences?.find((reference) => reference.controller);
  const hash = metadata?.labels?.["pod-template-hash"];
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    ...(controller && {
      owner: interned({ kind: controller.kind, name: controller.name, ...(hash && { hash }) }),
    }),
  };
}

function pickOwned(object: { metadata?: ObjectMeta }): OwnedObject | undefined {
  const picked = pickOwner(object.metadata);
  return picked.owner && { namespace: picked.namespace, name: picked.name, owner: picked.owner };
}

/** Optional lists that lead from a pod's own owner to what people deploy. Without them names are derived. */
export const ownerNeeds = {
  replicaSets: optional(kubernetes.list(kinds.ReplicaSet, pickOwned)),
  jobs: optional(kubernetes.list(kinds.Job, pickOwned)),
};

/**
 * Leads from a pod to the Deployment, StatefulSet, DaemonSet, CronJob, Job or other owner that people deploy; a pod
 * nobody owns stands for itself. Where a ReplicaSet or Job is not in the list, its name tells: `<deployment>-<hash>`
 * by the pod's template hash, `<cronjob>-<scheduled minute>`.
 */
export function ownerResolver(facts: {
  replicaSets: OwnedObject[] | Unread;
  jobs: OwnedObject[] | Unread;
}): (pod: OwnedPod) => Subject {
  const parents = new Map<string, OwnerHint>();
  for (const [kind, list] of [["ReplicaSet", facts.replicaSets] as const, ["Job", facts.jobs] as const]) {
    if (isUnread(list)) continue;
    for (const { namespace, name, owner } of list)
      if (owner) parents.set(`${kind}/${namespace}/${name}`, owner);
  }
  return ({ namespace, name, owner }) => {
    if (!owner) return { kind: "Pod", namespace, name };
    const top = parents.get(`${owner.kind}/${namespace}/${owner.name}`) ?? byConvention(owner);
    return { kind: top.kind, namespace, name: top.name };
  };
}

function byConvention(owner: OwnerHint): OwnerHint {
  if (owner.kind === "ReplicaSet" && owner.hash && owner.name.endsWith(`-${owner.hash}`))
    return { kind: "Deployment", name: owner.name.slice(0, -owner.hash.length - 1) };
  const scheduled = owner.kind === "Job" ? /^(.+)-(\d{8}|\d{10})$/.exec(owner.name) : null;
  return scheduled?.[1] ? { kind: "CronJob", name: scheduled[1] } : owner;
}

/** The pods behind one finding: all counted, at most 50 named, in a stable order. */
export function affectedPods(pods: readonly { namespace: string; name: string }[]): {
  count: number;
  sample: Subject[];
} {
  const named = pods.map(({ namespace, name }) => ({ kind: "Pod", namespace, name }));
  named.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
  return { count: named.length, sample: named.slice(0, 50) };
}

/** Order by code points: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where evidence comes from that a pod's status holds. */
export const statusOf = ({ namespace, name }: { namespace: string; name: string }): Text => ({
  en: `pods/${name} status (namespace ${namespace})`,
  "zh-CN": `pods/${name} 的状态（命名空间 ${namespace}）`,
});
