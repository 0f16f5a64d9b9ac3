import { type DrainFacts, type DrainPod, isBare, isEvicted } from "#common/kubernetes/drain-facts.ts";
import { labelsMatch, selectorMatches } from "#common/kubernetes/label-selector.ts";

/**
 * Whether some order of single drains, with replacements anywhere at all or nowhere, comes to drain a node while every
 * Service keeps an endpoint and budgets allow each eviction. Tries everything; for tiny clusters. Room, selectors and
 * distance are ignored, so that "never" is said by Services and budgets alone.
 */
export function canEverBeDrained(facts: DrainFacts, target: number): boolean {
  const { nodes, pods, budgets } = facts;
  const start = pods.map(({ node }) => nodes.findIndex(({ name }) => name === node));
  const covering = pods.map((pod) =>
    budgets.flatMap(({ namespace, selector }, index) =>
      namespace === pod.namespace && selectorMatches(selector, pod.labels) ? [index] : [],
    ),
  );
  const seen = new Set<string>();
  const search = (at: number[], done: number[]): boolean => {
    const key = `${at.join()}|${done.join()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    for (let node = 0; node < nodes.length; node += 1) {
      if (done.includes(node)) continue;
      for (const after of ends(at, node)) {
        if (node === target) return true;
        if (search(after, [...done, node].sort())) return true;
      }
    }
    return false;
  };

  const isUp = (at: number[], before: number[]): boolean =>
    facts.services.every((service) => {
      const count = (where: number[]) =>
        pods.filter(
          (pod, index) =>
            where[index] !== -1 &&
            !pod.ending &&
            (pod.ready || service.unready) &&
            pod.namespace === service.namespace &&
            labelsMatch(service.selector, pod.labels),
        ).length;
      return count(before) === 0 || count(at) > 0;
    });
  const healthyIn = (at: number[], budget: number): number =>
    pods.filter((pod, index) => at[index] !== -1 && pod.ready && covering[index]?.includes(budget)).length;

  function mayGo(pod: DrainPod, index: number, at: number[]): boolean {
    const [budget, second] = covering[index] ?? [];
    if (pod.pending || budget === undefined) return true;
    const one = budgets[budget];
    if (second !== undefined || !one) return false;
    const change = healthyIn(at, budget) - healthyIn(start, budget);
    if (!pod.ready && (one.unreadyMayGo || (one.desired > 0 && one.healthy + change >= one.desired)))
      return true;
    return one.allowed + change > 0;
  }

  /** Every state in which a drain of a node may end with all Services up the whole time. */
  function ends(at: number[], node: number): number[][] {
    const leaving = pods.flatMap((pod, index) => (at[index] === node && isEvicted(pod) ? [index] : []));
    if (leaving.length === 0) {
      const without = at.map((where) => (where === node ? -1 : where));
      if (!isUp(without, at)) return [];
      return [at];
    }
    const next = [...at];
    const gone: number[] = [];
    for (const index of leaving) {
      if (!mayGo(pods[index] as DrainPod, index, next)) continue;
      next[index] = -1;
      gone.push(index);
    }
    if (gone.length === 0 || !isUp(next, at)) return [];
    let states = [next];
    for (const index of gone) {
      if (isBare(pods[index] as DrainPod)) continue;
      states = states.flatMap((state) =>
        [-1, ...nodes.keys()].filter((to) => to !== node).map((to) => state.with(index, to)),
      );
    }
    return states.flatMap((state) => ends(state, node));
  }

  return search(start, []);
}
