import {
  type DrainBudget,
  type DrainFacts,
  type DrainNode,
  type DrainPod,
  type DrainService,
  keyOf,
} from "./drain-facts.ts";
import { selectorIndex } from "./label-selector.ts";
import { type PlacementRules, selectsNode, toleratesNode } from "./placement.ts";

/** Pods that must keep away from some others within a domain, such as a node or a zone. */
export type Apart = { id: number; domainOf: (node: number) => string | undefined };

/** One pod with everything that speaks of it already looked up. */
export type PlacedPod = {
  index: number;
  facts: DrainPod;
  node: number;
  owner: number;
  services: readonly number[];
  budgets: readonly number[];
  shape: number;
  /** keeps these at a distance … */
  keepsApart: number[];
  /** … and is one of those that others keep at a distance */
  shunnedBy: readonly number[];
};

/** Which nodes a pod may go to, room and neighbours aside. Many pods share one. */
export type Shape = { rules: PlacementRules; volumes: PlacementRules["terms"][]; nodes: number[] | null };

export type DrainCluster = {
  nodes: DrainNode[];
  nodeIndex: Map<string, number>;
  pods: PlacedPod[];
  podsOn: number[][];
  services: DrainService[];
  budgets: DrainBudget[];
  apart: Apart[];
  shapes: Shape[];
};

const free: PlacementRules = { nodeSelector: {}, terms: null, tolerations: [] };

/** Everything that does not change while nodes are drained: who belongs to whom, and where it may be. */
export function drainCluster(facts: DrainFacts): DrainCluster {
  const { nodes, services, budgets } = facts;
  const nodeIndex = new Map(nodes.map(({ name }, index) => [name, index]));
  const servicesOf = selectorIndex(
    services.map(({ namespace, selector }, item) => ({
      namespace,
      selector: { matchLabels: selector },
      item,
    })),
  );
  const budgetsOf = selectorIndex(
    budgets.flatMap(({ namespace, selector }, item) => (selector ? [{ namespace, selector, item }] : [])),
  );
  const { shapes, shapeOf } = shapesOf(facts);
  const { apart, keeps, shuns } = apartOf(facts);
  const owners = new Map<string, number>();
  const podsOn: number[][] = nodes.map(() => []);
  const pods = facts.pods.map((pod, index): PlacedPod => {
    const { namespace, labels, owner } = pod;
    const ownerKey = owner ? `${owner.kind}/${namespace}/${owner.name}` : `Pod/${keyOf(pod)}`;
    const node = nodeIndex.get(pod.node) ?? -1;
    podsOn[node]?.push(index);
    const ownerId = owners.get(ownerKey) ?? owners.size;
    owners.set(ownerKey, ownerId);
    return {
      ...{ index, facts: pod, node, owner: ownerId },
      services: servicesOf(namespace, labels),
      budgets: budgetsOf(namespace, labels),
      ...{ shape: shapeOf(pod), keepsApart: keeps(pod), shunnedBy: shuns(namespace, labels) },
    };
  });
  return { nodes, nodeIndex, pods, podsOn, services, budgets, apart, shapes };
}

function shapesOf({ volumes }: DrainFacts) {
  const termsOf = new Map(
    volumes.map(({ namespace, claim, terms }) => [keyOf({ namespace, name: claim }), terms]),
  );
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const shapeOf = ({ namespace, rules = free, claims = [] }: DrainPod): number => {
    const bound = claims.flatMap((name) => {
      const terms = termsOf.get(keyOf({ namespace, name }));
      return terms ? [terms] : [];
    });
    const key = JSON.stringify([rules, bound]);
    const index = known.get(key) ?? shapes.length;
    if (index === shapes.length) shapes.push({ rules, volumes: bound, nodes: null });
    known.set(key, index);
    return index;
  };
  return { shapes, shapeOf };
}

/** The nodes a shape fits, found when they are first asked for. */
export function nodesFor({ nodes, shapes }: DrainCluster, shape: number): number[] {
  const one = shapes[shape];
  if (!one) return [];
  one.nodes ??= nodes.flatMap((node, index) => (fits(one, node) ? [index] : []));
  return one.nodes;
}

function fits(shape: Shape, node: DrainNode): boolean {
  return node.ready && whyNot(shape, node) === undefined;
}

export type Misfit = "selector" | "taint" | "volume" | "not-ready";

/** What keeps a pod of this shape off a node, whatever room there is. */
export function whyNot({ rules, volumes }: Shape, node: DrainNode): Misfit | undefined {
  if (!selectsNode(rules, node)) return "selector";
  if (!volumes.every((terms) => selectsNode({ nodeSelector: {}, terms }, node))) return "volume";
  if (!toleratesNode(rules.tolerations, node)) return "taint";
  return node.ready ? undefined : "not-ready";
}

function apartOf({ nodes, pods }: DrainFacts) {
  const apart: Apart[] = [];
  const known = new Map<string, number>();
  const selecting: {
    namespace: string;
    selector: NonNullable<DrainPod["apart"]>[number]["selector"];
    item: number;
  }[] = [];
  const keeps = ({ namespace, apart: rules = [] }: DrainPod): number[] =>
    rules.map(({ topologyKey, selector }) => {
      const key = JSON.stringify([namespace, topologyKey, selector]);
      const id = known.get(key) ?? apart.length;
      if (id === apart.length) {
        known.set(key, id);
        apart.push({ id, domainOf: (node) => nodes[node]?.labels[topologyKey] });
        selecting.push({ namespace, selector, item: id });
      }
      return id;
    });
  for (const pod of pods) keeps(pod);
  return { apart, keeps, shuns: selectorIndex(selecting) };
}
