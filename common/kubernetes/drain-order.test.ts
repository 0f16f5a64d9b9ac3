import fc from "fast-check";
import { expect, test } from "vitest";
import { drainFacts } from "#testing/drain-arbitrary.ts";
import { canEverBeDrained } from "#testing/drain-reference.ts";
import { type DrainFacts, isBare, isDaemon, isEvicted } from "./drain-facts.ts";
import { type DrainOrder, drainOrder } from "./drain-order.ts";
import { labelsMatch, selectorMatches } from "./label-selector.ts";
import { mayRunOn } from "./placement.ts";

/** A slow and literal reading of an order: every pod at every moment, each rule asked anew. */
function replay(facts: DrainFacts, { batches }: DrainOrder): void {
  const { nodes, pods, services, budgets } = facts;
  const at = pods.map(({ node }) => nodes.findIndex(({ name }) => name === node));
  const podAt = (index: number) => pods[index] as DrainFacts["pods"][number];
  const endpoints = () =>
    services.map(
      ({ namespace, selector, unready }) =>
        pods.filter(
          (pod, index) =>
            at[index] !== -1 &&
            !pod.ending &&
            (pod.ready || unready) &&
            pod.namespace === namespace &&
            labelsMatch(selector, pod.labels),
        ).length,
    );
  const covered = (pod: DrainFacts["pods"][number]) =>
    budgets.filter(
      ({ namespace, selector }) => namespace === pod.namespace && selectorMatches(selector, pod.labels),
    );
  const healthy = () =>
    budgets.map(
      (budget) =>
        pods.filter((pod, index) => at[index] !== -1 && pod.ready && covered(pod).includes(budget)).length,
    );
  const before = healthy();
  const expectRoom = (index: number) => {
    const node = nodes[index];
    const there = pods.filter((_, pod) => at[pod] === index);
    const sum = (amount: (pod: DrainFacts["pods"][number]) => number) =>
      there.reduce((total, pod) => total + amount(pod), 0);
    expect(there.length).toBeLessThanOrEqual(node?.podRoom ?? 0);
    expect(sum(({ cpuMillis }) => cpuMillis)).toBeLessThanOrEqual(node?.cpuMillis ?? 0);
    expect(sum(({ memoryBytes }) => memoryBytes)).toBeLessThanOrEqual(node?.memoryBytes ?? 0);
  };
  const place = (index: number, to: number) => {
    const pod = podAt(index);
    const node = nodes[to];
    expect(node?.ready).toBe(true);
    const rules = pod.rules ?? { nodeSelector: {}, terms: null, tolerations: [] };
    expect(node && mayRunOn(rules, node)).toBe(true);
    for (const { topologyKey, selector } of pod.apart ?? []) {
      const domain = node?.labels[topologyKey];
      const neighbours = pods.filter(
        (other, which) =>
          domain !== undefined &&
          nodes[at[which] ?? -1]?.labels[topologyKey] === domain &&
          other.namespace === pod.namespace &&
          selectorMatches(selector, other.labels),
      );
      expect(neighbours).toEqual([]);
    }
    at[index] = to;
    expectRoom(to);
  };

  for (const { nodes: batch, run, placed } of batches) {
    for (let wave = 1; wave <= run.waves; wave += 1) {
      const moves = run.moves.filter((move) => move.wave === wave);
      const had = endpoints();
      const left = healthy();
      for (const [index, budget] of budgets.entries()) {
        const asked = moves.filter(({ pod }) => podAt(pod).ready && covered(podAt(pod)).includes(budget));
        const allowed = budget.allowed - (before[index] ?? 0) + (left[index] ?? 0);
        if (asked.length > 0) expect(asked.length).toBeLessThanOrEqual(allowed);
      }
      for (const { pod } of moves) {
        expect(batch).toContain(at[pod]);
        expect(isEvicted(podAt(pod))).toBe(true);
        if (!podAt(pod).pending) expect(covered(podAt(pod)).length).toBeLessThan(2);
        at[pod] = -1;
      }
      const have = endpoints();
      for (const [index, count] of had.entries()) if (count > 0) expect(have[index]).toBeGreaterThan(0);
      for (const { pod, to } of moves) {
        if (to < 0) continue;
        expect(batch).not.toContain(to);
        expect(isBare(podAt(pod))).toBe(false);
        place(pod, to);
      }
    }
    const had = endpoints();
    const staying = pods.flatMap((pod, index) => (batch.includes(at[index] ?? -1) ? [{ pod, index }] : []));
    for (const { pod } of staying) expect(isDaemon(pod) || pod.mirror || pod.ending).toBe(true);
    for (const { index } of staying) at[index] = -1;
    const have = endpoints();
    for (const [index, count] of had.entries()) if (count > 0) expect(have[index]).toBeGreaterThan(0);
    for (const { pod, index } of staying) at[index] = nodes.findIndex(({ name }) => name === pod.node);
    for (const { pod, to } of placed) place(pod, to);
  }
}

const options = fc.record({
  parallel: fc.integer({ min: 1, max: 4 }),
  keepPercent: fc.constantFrom(0, 34, 50, 100),
  zoneByZone: fc.boolean(),
});

test("read literally, an order leaves every Service an endpoint and keeps every budget at each moment", () => {
  fc.assert(
    fc.property(drainFacts({ nodes: 6, pods: 14 }), options, (facts, how) => {
      const nodes = facts.nodes.map((_, index) => index);
      const order = drainOrder(facts, { ...how, nodes });
      const seen = [
        ...order.batches.flatMap((batch) => batch.nodes),
        ...order.blocked.map(({ node }) => node),
      ];
      expect(seen.toSorted((a, b) => a - b)).toEqual(nodes);
      for (const { nodes: batch } of order.batches) {
        expect(batch.length).toBeLessThanOrEqual(how.parallel);
        if (how.zoneByZone) expect(new Set(batch.map((node) => facts.nodes[node]?.labels.zone)).size).toBe(1);
      }
      replay(facts, order);
    }),
    { numRuns: 1_500 },
  );
});

test("what blocks a node for certain blocks it in every order and wherever replacements go", () => {
  fc.assert(
    fc.property(drainFacts({ nodes: 3, pods: 5 }), (facts) => {
      const nodes = facts.nodes.map((_, index) => index);
      const { blocked } = drainOrder(facts, { nodes, parallel: 1, keepPercent: 0, zoneByZone: false });
      for (const { node, obstacles } of blocked) {
        expect(obstacles.length).toBeGreaterThan(0);
        if (obstacles.some(({ certain }) => certain)) expect(canEverBeDrained(facts, node)).toBe(false);
      }
    }),
    { numRuns: 400 },
  );
});

/** Nodes without room for one pod more, as after years of packing. */
function fullCluster(nodes: number, podsEach: number): DrainFacts {
  const names = Array.from({ length: nodes }, (_, index) => `node-${index}`);
  return {
    nodes: names.map((name, index) => ({
      ...{ name, labels: { zone: `z${index % 3}` }, taints: [], ready: true, controlPlane: false },
      ...{ cpuMillis: podsEach * 100 + 90, memoryBytes: 2 ** 36, podRoom: 110 },
    })),
    pods: names.flatMap((node, index) =>
      Array.from({ length: podsEach }, (_, at) => {
        const app = `app-${(index * podsEach + at) % Math.ceil((nodes * podsEach) / 20)}`;
        const pod = { namespace: "shop", name: `${app}-${index}-${at}`, node, labels: { app } };
        const owner = { kind: "ReplicaSet", name: app };
        return { ...pod, owner, cpuMillis: 100, memoryBytes: 2 ** 20, ready: true as const };
      }),
    ),
    ...{ services: [], budgets: [], volumes: [] },
  };
}

test("1,000 full nodes with 20,000 pods have their order in seconds, not in minutes", () => {
  const facts = fullCluster(1_000, 20);
  const nodes = facts.nodes.map((_, index) => index);
  const startMs = performance.now();
  const { batches, blocked } = drainOrder(facts, { nodes, parallel: 50, keepPercent: 50, zoneByZone: false });
  expect([batches.length, blocked.length]).toEqual([1_000, 0]);
  expect(performance.now() - startMs).toBeLessThan(30_000);
});
