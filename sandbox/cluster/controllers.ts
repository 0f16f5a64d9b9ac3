import { randomUUID } from "node:crypto";
import { isEligible, type NodeState } from "../objects/node.ts";
import { deploymentStatus, ownerReference, replicaSetObject } from "../objects/owners.ts";
import type { Plan } from "../objects/plan.ts";
import { time } from "../objects/time.ts";
import type { ApiObject, OwnerReference, PodObject } from "../objects/types.ts";
import { suffixFrom } from "../prng.ts";
import { announceEndpoints } from "./endpoints.ts";
import {
  isReady,
  type OwnerKind,
  objectOf,
  podsOf,
  replicaSetsOf,
  storedAs,
  type WorkloadSpec,
  workloadSpec,
} from "./owned.ts";
import { PodMaker } from "./pod-maker.ts";
import { schedulePending } from "./schedule-pending.ts";
import { keyOf, type Store } from "./store.ts";

/**
 * What controllers, scheduler and kubelets do after a change, done at once: a deleted pod is replaced, a changed
 * template is rolled out, a pending pod gets the node that became free.
 */
export class Controllers {
  readonly plan: Plan;
  readonly store: Store;
  readonly #pods: PodMaker;

  constructor(plan: Plan, store: Store) {
    this.plan = plan;
    this.store = store;
    this.#pods = new PodMaker(plan, store);
    announceEndpoints(plan, store);
  }

  deletePod(namespace: string, name: string): void {
    this.#takeAway(namespace, name);
    schedulePending(this.plan, this.store);
  }

  #takeAway(namespace: string, name: string): void {
    const pod = this.#pod(`${namespace}/${name}`);
    if (!pod) return;
    this.#forget(pod);
    const owner = pod.metadata.ownerReferences?.[0];
    if (owner) this.#replace(pod, owner);
    this.#settle(this.#deploymentOf(namespace, owner));
  }

  /** Also its ReplicaSets and pods, as the garbage collector would. */
  deleteOwner(kind: OwnerKind, namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    const owner = this.store.get(storedAs[kind] ?? "", key);
    if (!owner) return;
    this.store.remove(storedAs[kind] ?? "", key);
    for (const replicaSet of kind === "Deployment" ? replicaSetsOf(this.store, owner) : []) {
      this.deleteOwner("ReplicaSet", namespace, replicaSet.metadata.name);
    }
    for (const pod of podsOf(this.store, owner)) this.#forget(pod);
    schedulePending(this.plan, this.store);
  }

  /** After a Deployment, StatefulSet, DaemonSet or ReplicaSet was written: rolls out its template and its size. */
  reconcile(kind: string, before: ApiObject, after: ApiObject): void {
    const [old, wanted] = [workloadSpec(before), workloadSpec(after)];
    if (!old || !wanted) return;
    const changed = JSON.stringify(old.template) !== JSON.stringify(wanted.template);
    if (kind === "Deployment" && (changed || old.replicas !== wanted.replicas)) this.#rollOut(after, changed);
    else if (changed && (kind === "StatefulSet" || kind === "DaemonSet")) {
      for (const pod of podsOf(this.store, after))
        this.#takeAway(pod.metadata.namespace ?? "", pod.metadata.name);
    }
    if (kind !== "Deployment" && old.replicas !== wanted.replicas) this.#resize(kind, after);
    schedulePending(this.plan, this.store);
  }

  /** Replaces the pods of an owner one by one, as `kubectl rollout restart` ends. */
  restartPods(kind: OwnerKind, namespace: string, name: string): void {
    const owner = this.store.get(storedAs[kind] ?? "", `${namespace}/${name}`);
    const owners = owner && kind === "Deployment" ? replicaSetsOf(this.store, owner) : owner ? [owner] : [];
    for (const one of owners) {
      for (const pod of podsOf(this.store, one)) this.#takeAway(namespace, pod.metadata.name);
    }
    schedulePending(this.plan, this.store);
  }

  /** Writes an owner with a changed spec and lets the controllers follow. */
  change(kind: OwnerKind, namespace: string, name: string, edit: (spec: WorkloadSpec) => WorkloadSpec): void {
    const resource = storedAs[kind] ?? "";
    const before = this.store.get(resource, `${namespace}/${name}`);
    const spec = before && workloadSpec(before);
    if (!before || !spec) return;
    const generation = (before.metadata.generation ?? 1) + 1;
    const after = {
      ...before,
      metadata: { ...before.metadata, generation },
      spec: { ...objectOf(before.spec), ...edit(spec) },
    };
    this.reconcile(kind, before, this.store.put(resource, after));
  }

  /** Writes an object of any kind, new or not: "ingresses.networking.k8s.io". Nothing follows from it. */
  put(resource: string, object: ApiObject): void {
    this.store.put(resource, object);
  }

  /** Takes an object of any kind away. For pods and owners use `deletePod` and `deleteOwner`. */
  remove(resource: string, key: string): void {
    if (this.store.get(resource, key)) this.store.remove(resource, key);
  }

  /** Changes an object of any kind that is there; the pods of a workload follow its template. */
  edit(resource: string, key: string, change: (object: ApiObject) => ApiObject): void {
    const before = this.store.get(resource, key);
    if (!before) return;
    const after = this.store.put(resource, change(before));
    const kind = Object.keys(storedAs).find((name) => storedAs[name] === resource);
    if (kind !== undefined) this.reconcile(kind, before, after);
  }

  /** Gives a node another state ({}: healthy) and lets the pods that wait have it. */
  changeNode(name: string, state: NodeState): void {
    const node = this.plan.nodeFacts.find((one) => one.name === name);
    if (!node) return;
    node.state = state;
    this.store.touch("nodes", name);
    schedulePending(this.plan, this.store);
  }

  #pod(key: string): PodObject | undefined {
    return this.store.get("pods", key) as PodObject | undefined;
  }

  #forget(pod: PodObject): void {
    const key = keyOf(pod);
    this.plan.ports.release(key);
    this.store.remove("pods", key);
  }

  #replace(pod: PodObject, reference: OwnerReference): void {
    const namespace = pod.metadata.namespace ?? "";
    const owner = this.store.get(storedAs[reference.kind] ?? "pods", `${namespace}/${reference.name}`);
    const spec = owner && workloadSpec(owner);
    if (!owner || !spec || reference.kind === "Job") return;
    if (reference.kind === "DaemonSet") {
      const node = this.plan.nodeFacts.find(({ name }) => name === pod.spec.nodeName);
      if (node && isEligible(node, spec.template.spec))
        this.#pods.make(owner, reference, spec.template, { node });
      return;
    }
    if (podsOf(this.store, owner).length >= (spec.replicas ?? 1)) return;
    const name = reference.kind === "StatefulSet" ? pod.metadata.name : undefined;
    this.#pods.make(owner, reference, spec.template, { name });
  }

  #rollOut(deployment: ApiObject, changed: boolean): void {
    const spec = workloadSpec(deployment);
    const existing = replicaSetsOf(this.store, deployment);
    if (!spec) return;
    if (!changed) {
      for (const replicaSet of existing) {
        const size = workloadSpec(replicaSet)?.replicas ?? 0;
        if (size === 0) continue;
        const resized = {
          ...replicaSet,
          spec: { ...objectOf(replicaSet.spec), replicas: spec.replicas ?? 1 },
        };
        this.#resize("ReplicaSet", this.store.put("replicasets.apps", resized));
      }
    } else {
      for (const replicaSet of existing) this.#retire(replicaSet);
      this.#newReplicaSet(deployment, spec, existing.length + 1);
    }
    this.#settle(this.store.get("deployments.apps", keyOf(deployment)));
  }

  #retire(replicaSet: ApiObject): void {
    for (const pod of podsOf(this.store, replicaSet)) this.#forget(pod);
    const { generation = 1 } = replicaSet.metadata;
    this.store.put("replicasets.apps", {
      ...replicaSet,
      metadata: { ...replicaSet.metadata, generation: generation + 1 },
      spec: { ...objectOf(replicaSet.spec), replicas: 0 },
      status: { replicas: 0, observedGeneration: generation + 1 },
    });
  }

  #newReplicaSet(deployment: ApiObject, spec: WorkloadSpec, revision: number): void {
    const { name, namespace = "", uid = "" } = deployment.metadata;
    const replicas = spec.replicas ?? 1;
    const replicaSet = replicaSetObject({
      namespace,
      hash: suffixFrom(`${uid}/${revision}/${JSON.stringify(spec.template)}`, 9),
      template: spec.template,
      deployment: { name, uid },
      uid: randomUUID(),
      created: time(Date.now()),
      replicas,
      total: replicas,
      ready: replicas,
      revision: String(revision),
    });
    this.#resize("ReplicaSet", this.store.put("replicasets.apps", replicaSet));
    const annotations = {
      ...deployment.metadata.annotations,
      "deployment.kubernetes.io/revision": String(revision),
    };
    this.store.put("deployments.apps", { ...deployment, metadata: { ...deployment.metadata, annotations } });
  }

  #resize(kind: string, owner: ApiObject): void {
    const spec = workloadSpec(owner);
    if (!spec || kind === "DaemonSet") return;
    const wanted = spec.replicas ?? 1;
    const pods = podsOf(this.store, owner);
    // pods that have no node go first, as they do in a real cluster
    const doomed = pods.toSorted(
      (left, right) => Number(!!left.spec.nodeName) - Number(!!right.spec.nodeName),
    );
    for (const pod of doomed.slice(0, Math.max(0, pods.length - wanted))) this.#forget(pod);
    const reference = ownerReference(kind, owner.metadata.name, owner.metadata.uid ?? "");
    for (let count = pods.length; count < wanted; count += 1) {
      const name = kind === "StatefulSet" ? `${owner.metadata.name}-${count}` : undefined;
      this.#pods.make(owner, reference, spec.template, { name });
    }
  }

  /** Brings the status of the Deployment that a pod or ReplicaSet belongs to in line with its pods. */
  #settle(deployment: ApiObject | undefined): void {
    if (!deployment) return;
    const pods = replicaSetsOf(this.store, deployment).flatMap((replicaSet) =>
      podsOf(this.store, replicaSet),
    );
    const replicaSet = pods[0]?.metadata.ownerReferences?.[0]?.name ?? "";
    const ready = pods.filter(isReady).length;
    const status = objectOf(deployment.status);
    if (status.replicas === pods.length && (status.readyReplicas ?? 0) === ready) return;
    const { generation = 1 } = deployment.metadata;
    const fresh = deploymentStatus(pods.length, ready, time(Date.now()), replicaSet, generation);
    this.store.put("deployments.apps", { ...deployment, status: fresh });
  }

  /** The Deployment above a ReplicaSet that owns a pod. */
  #deploymentOf(namespace: string, owner: OwnerReference | undefined): ApiObject | undefined {
    if (owner?.kind !== "ReplicaSet") return undefined;
    const replicaSet = this.store.get("replicasets.apps", `${namespace}/${owner.name}`);
    const above = replicaSet?.metadata.ownerReferences?.[0];
    return above && this.store.get("deployments.apps", `${namespace}/${above.name}`);
  }
}
