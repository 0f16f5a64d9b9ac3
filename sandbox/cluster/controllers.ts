import { randomUUID } from "node:crypto";
import { ipText, isEligible, type NodeFacts } from "../objects/node.ts";
import { deploymentStatus, ownerReference, replicaSetObject } from "../objects/owners.ts";
import { type Plan, takeAddress } from "../objects/plan.ts";
import { buildPod } from "../objects/pod.ts";
import { place } from "../objects/scheduler.ts";
import { time } from "../objects/time.ts";
import type { ApiObject, OwnerReference, PodObject, PodTemplate } from "../objects/types.ts";
import { hexFrom, suffixFrom } from "../prng.ts";
import { keyOf, type Store } from "./store.ts";

type OwnerKind = "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job";
const storedAs: Record<string, string> = {
  Deployment: "deployments.apps",
  ReplicaSet: "replicasets.apps",
  StatefulSet: "statefulsets.apps",
  DaemonSet: "daemonsets.apps",
  Job: "jobs.batch",
};

type WorkloadSpec = { replicas?: number; template: PodTemplate };

/**
 * What controllers, scheduler and kubelets do after a change, done at once: a deleted pod is replaced, a changed
 * template is rolled out, a pending pod gets the node that became free.
 */
export class Controllers {
  readonly plan: Plan;
  readonly store: Store;
  #made = 0;

  constructor(plan: Plan, store: Store) {
    this.plan = plan;
    this.store = store;
  }

  deletePod(namespace: string, name: string): void {
    const pod = this.#pod(`${namespace}/${name}`);
    if (!pod) return;
    this.#forget(pod);
    const owner = pod.metadata.ownerReferences?.[0];
    if (owner) this.#replace(pod, owner);
    this.#settle(namespace);
    this.#schedulePending();
  }

  /** Also its ReplicaSets and pods, as the garbage collector would. */
  deleteOwner(kind: OwnerKind, namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    const owner = this.store.get(storedAs[kind] ?? "", key);
    if (!owner) return;
    this.store.remove(storedAs[kind] ?? "", key);
    for (const replicaSet of kind === "Deployment" ? this.#replicaSetsOf(owner) : []) {
      this.deleteOwner("ReplicaSet", namespace, replicaSet.metadata.name);
    }
    for (const pod of this.#podsOf(owner)) this.#forget(pod);
    this.#schedulePending();
  }

  /** After a Deployment, StatefulSet, DaemonSet or ReplicaSet was written: rolls out its template and its size. */
  reconcile(kind: string, before: ApiObject, after: ApiObject): void {
    const [old, wanted] = [workloadSpec(before), workloadSpec(after)];
    if (!old || !wanted) return;
    const changed = JSON.stringify(old.template) !== JSON.stringify(wanted.template);
    if (kind === "Deployment" && (changed || old.replicas !== wanted.replicas)) this.#rollOut(after, changed);
    else if (changed && (kind === "StatefulSet" || kind === "DaemonSet")) {
      for (const pod of this.#podsOf(after)) this.deletePod(pod.metadata.namespace ?? "", pod.metadata.name);
    }
    if (kind !== "Deployment" && old.replicas !== wanted.replicas) this.#resize(kind, after);
    this.#schedulePending();
  }

  /** Replaces the pods of an owner one by one, as `kubectl rollout restart` ends. */
  restartPods(kind: OwnerKind, namespace: string, name: string): void {
    const owner = this.store.get(storedAs[kind] ?? "", `${namespace}/${name}`);
    const owners = owner && kind === "Deployment" ? this.#replicaSetsOf(owner) : owner ? [owner] : [];
    for (const one of owners) {
      for (const pod of this.#podsOf(one)) this.deletePod(namespace, pod.metadata.name);
    }
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

  #pod(key: string): PodObject | undefined {
    return this.store.get("pods", key) as PodObject | undefined;
  }

  #forget(pod: PodObject): void {
    const key = keyOf(pod);
    this.plan.ports.release(key);
    this.store.remove("pods", key);
  }

  #podsOf(owner: ApiObject): PodObject[] {
    const prefix = `${owner.metadata.namespace}/${owner.metadata.name}-`;
    const found: PodObject[] = [];
    for (const [, pod] of this.store.of("pods").walk(prefix, prefix, this.store.revision)) {
      const owned = pod.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid);
      if (owned) found.push(pod as PodObject);
    }
    return found;
  }

  #replicaSetsOf(deployment: ApiObject): ApiObject[] {
    const prefix = `${deployment.metadata.namespace}/${deployment.metadata.name}-`;
    const all = [...this.store.of("replicasets.apps").walk(prefix, prefix, this.store.revision)];
    return all
      .map(([, object]) => object)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid));
  }

  #replace(pod: PodObject, reference: OwnerReference): void {
    const namespace = pod.metadata.namespace ?? "";
    const owner = this.store.get(storedAs[reference.kind] ?? "pods", `${namespace}/${reference.name}`);
    const spec = owner && workloadSpec(owner);
    if (!owner || !spec || reference.kind === "Job") return;
    if (reference.kind === "DaemonSet") {
      const node = this.plan.nodeFacts.find(({ name }) => name === pod.spec.nodeName);
      if (node && isEligible(node, spec.template.spec))
        this.#createPod(owner, reference, spec.template, { node });
      return;
    }
    if (this.#podsOf(owner).length >= (spec.replicas ?? 1)) return;
    const name = reference.kind === "StatefulSet" ? pod.metadata.name : undefined;
    this.#createPod(owner, reference, spec.template, { name });
  }

  #createPod(
    owner: ApiObject,
    reference: OwnerReference,
    template: PodTemplate,
    wanted: { name?: string; node?: NodeFacts },
  ): void {
    this.#made += 1;
    const namespace = owner.metadata.namespace ?? "";
    const seedText = `${this.plan.seed}/${namespace}/${owner.metadata.name}/made/${this.#made}`;
    const name = wanted.name ?? `${owner.metadata.name}-${suffixFrom(seedText, 5)}`;
    const placement = wanted.node
      ? { node: wanted.node }
      : place(this.plan.nodeFacts, this.plan.ports, template.spec, this.#made);
    const { node } = placement;
    if (node) this.plan.ports.take(node.index, `${namespace}/${name}`, template.spec);
    const revision = { "controller-revision-hash": hexFrom(JSON.stringify(template), 10) };
    const pod = buildPod({
      seed: this.plan.seed,
      namespace,
      name,
      generateName: `${owner.metadata.name}-`,
      template,
      ...(reference.kind !== "ReplicaSet" && { labels: revision }),
      owner: reference,
      node,
      ip: node && !template.spec.hostNetwork ? ipText(takeAddress(this.plan, node)) : null,
      unschedulable: "why" in placement ? placement.why : undefined,
      createdMs: Date.now(),
    });
    this.store.put("pods", pod);
  }

  #rollOut(deployment: ApiObject, changed: boolean): void {
    const spec = workloadSpec(deployment);
    const existing = this.#replicaSetsOf(deployment);
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
    this.#settle(deployment.metadata.namespace ?? "");
  }

  #retire(replicaSet: ApiObject): void {
    for (const pod of this.#podsOf(replicaSet)) this.#forget(pod);
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
    const pods = this.#podsOf(owner);
    // pods that have no node go first, as they do in a real cluster
    const doomed = pods.toSorted(
      (left, right) => Number(!!left.spec.nodeName) - Number(!!right.spec.nodeName),
    );
    for (const pod of doomed.slice(0, Math.max(0, pods.length - wanted))) this.#forget(pod);
    const reference = ownerReference(kind, owner.metadata.name, owner.metadata.uid ?? "");
    for (let count = pods.length; count < wanted; count += 1) {
      const name = kind === "StatefulSet" ? `${owner.metadata.name}-${count}` : undefined;
      this.#createPod(owner, reference, spec.template, { name });
    }
  }

  /** Brings the status of the namespace's ReplicaSets and Deployments in line with their pods. */
  #settle(namespace: string): void {
    const inside = `${namespace}/`;
    for (const [, deployment] of this.store
      .of("deployments.apps")
      .walk(inside, inside, this.store.revision)) {
      const pods = this.#replicaSetsOf(deployment).flatMap((replicaSet) => this.#podsOf(replicaSet));
      const replicaSet = pods[0]?.metadata.ownerReferences?.[0]?.name ?? "";
      const ready = pods.filter(isReady).length;
      const status = objectOf(deployment.status);
      if (status.replicas === pods.length && (status.readyReplicas ?? 0) === ready) continue;
      const { generation = 1 } = deployment.metadata;
      const fresh = deploymentStatus(pods.length, ready, time(Date.now()), replicaSet, generation);
      this.store.put("deployments.apps", { ...deployment, status: fresh });
    }
  }

  #schedulePending(): void {
    for (const key of this.#pendingKeys()) {
      const pod = this.#pod(key);
      if (!pod || pod.spec.nodeName || pod.status.phase !== "Pending") continue;
      const { node } = place(this.plan.nodeFacts, this.plan.ports, pod.spec, 0);
      if (!node) continue;
      this.plan.ports.take(node.index, key, pod.spec);
      const { nodeName: _, ...spec } = pod.spec;
      const { labels = {}, annotations } = pod.metadata;
      const bound = buildPod({
        seed: this.plan.seed,
        namespace: pod.metadata.namespace ?? "",
        name: pod.metadata.name,
        template: {
          metadata: { creationTimestamp: null, labels, ...(annotations && { annotations }) },
          spec,
        },
        node,
        ip: spec.hostNetwork ? null : ipText(takeAddress(this.plan, node)),
        createdMs: Date.now(),
      });
      this.store.put("pods", {
        metadata: pod.metadata,
        spec: { ...pod.spec, nodeName: node.name },
        status: bound.status,
      });
    }
  }

  /** Pods that had no node when the cluster was made, and those made or written since. */
  #pendingKeys(): string[] {
    const planned = [...this.plan.whyPending.keys()].map((slot) => this.plan.podKeys[slot] ?? "");
    return [...new Set([...planned, ...this.store.of("pods").changedKeys()])];
  }
}

function workloadSpec(owner: ApiObject): WorkloadSpec | undefined {
  const spec = objectOf(owner.spec);
  return "template" in spec ? (spec as WorkloadSpec) : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isReady(pod: PodObject): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
