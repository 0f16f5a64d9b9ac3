import fc from "fast-check";
import type {
  DrainBudget,
  DrainFacts,
  DrainNode,
  DrainPod,
  DrainService,
} from "#common/kubernetes/drain-facts.ts";
import { selectorMatches } from "#common/kubernetes/label-selector.ts";

const app = fc.constantFrom("web", "db", "dns");
const namespace = "shop";

const node = fc.record({
  zone: fc.constantFrom("a", "b"),
  cpuMillis: fc.integer({ min: 1, max: 6 }),
  podRoom: fc.integer({ min: 2, max: 6 }),
  ready: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
  cordoned: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
});

const pod = fc.record({
  app,
  node: fc.nat(),
  cpuMillis: fc.integer({ min: 0, max: 2 }),
  ready: fc.integer({ min: 0, max: 5 }).map((dice) => dice > 0),
  kind: fc.constantFrom("ReplicaSet", "ReplicaSet", "ReplicaSet", "DaemonSet", "bare", "mirror"),
  pinned: fc.constantFrom("", "", "", "a", "b"),
  apart: fc.constantFrom("", "", "", "zone", "host"),
  state: fc.constantFrom("", "", "", "", "ending", "pending"),
});

const service = fc.record({ app, unready: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0) });
const budget = fc.record({ app, spare: fc.integer({ min: -1, max: 2 }), unreadyMayGo: fc.boolean() });

type PodDraft = typeof pod extends fc.Arbitrary<infer T> ? T : never;

function podOf(draft: PodDraft, index: number, nodes: DrainNode[]): DrainPod {
  const { kind, state, pinned, apart } = draft;
  const pending = state === "pending";
  return {
    namespace,
    name: `${draft.app}-${index}`,
    ...(kind !== "bare" && kind !== "mirror" && { owner: { kind, name: draft.app } }),
    ...(kind === "mirror" && { mirror: true as const, owner: { kind: "Node", name: "x" } }),
    node: nodes[draft.node % nodes.length]?.name ?? "",
    labels: { app: draft.app, ...(index % 2 === 0 && { half: "even" }) },
    ...{ cpuMillis: draft.cpuMillis, memoryBytes: 0 },
    ...(draft.ready && !pending && { ready: true as const }),
    ...(state === "ending" && { ending: true as const }),
    ...(pending && { pending: true as const }),
    ...(pinned !== "" && { rules: { nodeSelector: { zone: pinned }, terms: null, tolerations: [] } }),
    ...(apart !== "" && { apart: [{ topologyKey: apart, selector: { matchLabels: { app: draft.app } } }] }),
  };
}

/** Small clusters in which everything is scarce. What runs already has room, as in a real one. */
export function drainFacts(most: { nodes: number; pods: number }): fc.Arbitrary<DrainFacts> {
  return fc
    .record({
      nodes: fc.array(node, { minLength: 1, maxLength: most.nodes }),
      pods: fc.array(pod, { maxLength: most.pods }),
      services: fc.array(service, { maxLength: 3 }),
      budgets: fc.array(budget, { maxLength: 2 }),
    })
    .map((draft) => {
      const names = draft.nodes.map(
        (one, index): DrainNode => ({
          ...{ name: `node-${index}`, controlPlane: false, memoryBytes: 0, ready: one.ready },
          ...{ cpuMillis: one.cpuMillis, podRoom: one.podRoom },
          labels: { zone: one.zone, "topology.kubernetes.io/zone": one.zone, host: `node-${index}` },
          taints: one.cordoned ? [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] : [],
        }),
      );
      const pods = draft.pods.map((one, index) => podOf(one, index, names));
      const nodes = names.map((one) => {
        const there = pods.filter((each) => each.node === one.name);
        const cpu = there.reduce((sum, each) => sum + each.cpuMillis, 0);
        return { ...one, cpuMillis: one.cpuMillis + cpu, podRoom: one.podRoom + there.length };
      });
      const services = draft.services.map(
        (one, index): DrainService => ({
          ...{ namespace, name: `service-${index}`, selector: { app: one.app } },
          ...(one.unready && { unready: true as const }),
        }),
      );
      const budgets = draft.budgets.map((one, index): DrainBudget => {
        const selector = { matchLabels: { app: one.app } };
        const covered = pods.filter(({ labels }) => selectorMatches(selector, labels));
        const healthy = covered.filter(({ ready }) => ready).length;
        const desired = Math.max(0, healthy - one.spare);
        return {
          ...{ namespace, name: `budget-${index}`, selector, rule: "", expected: covered.length },
          ...{ healthy, desired, allowed: Math.max(0, healthy - desired) },
          ...(one.unreadyMayGo && { unreadyMayGo: true as const }),
        };
      });
      return { nodes, pods, services, budgets, volumes: [] };
    });
}
