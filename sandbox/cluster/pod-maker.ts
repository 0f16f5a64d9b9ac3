import { ipText, type NodeFacts } from "../objects/node.ts";
import { type Plan, takeAddress } from "../objects/plan.ts";
import { buildPod } from "../objects/pod.ts";
import { placeBeside } from "../objects/scheduler.ts";
import type { ApiObject, OwnerReference, PodTemplate } from "../objects/types.ts";
import { hexFrom, suffixFrom } from "../prng.ts";
import { admitted } from "./admission.ts";
import { podsOf } from "./owned.ts";
import type { Store } from "./store.ts";

/** Makes the pods that controllers ask for: named, admitted, placed and started at once. */
export class PodMaker {
  readonly plan: Plan;
  readonly store: Store;
  #made = 0;

  constructor(plan: Plan, store: Store) {
    this.plan = plan;
    this.store = store;
  }

  make(
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
      : placeBeside(
          this.plan,
          template.spec,
          podsOf(this.store, owner).map(({ spec }) => spec.nodeName ?? ""),
        );
    const { node } = placement;
    if (node) this.plan.ports.take(node.index, `${namespace}/${name}`, template.spec);
    const revision = { "controller-revision-hash": hexFrom(JSON.stringify(template), 10) };
    const pod = buildPod({
      seed: this.plan.seed,
      namespace,
      name,
      generateName: `${owner.metadata.name}-`,
      template: admitted(this.store, namespace, template),
      ...(reference.kind !== "ReplicaSet" && { labels: revision }),
      owner: reference,
      node,
      ip: node && !template.spec.hostNetwork ? ipText(takeAddress(this.plan, node)) : null,
      unschedulable: "why" in placement ? placement.why : undefined,
      createdMs: Date.now(),
    });
    this.store.put("pods", pod);
  }
}
