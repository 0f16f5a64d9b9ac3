import type { ApiObject, PodObject } from "../objects/types.ts";
import { isReady } from "./owned.ts";
import type { Store } from "./store.ts";

type Budget = {
  minAvailable?: number | string;
  maxUnavailable?: number | string;
  selector?: {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
};

/** Whether a selector picks these labels. An empty one picks everything, none at all picks nothing. */
export function selects(selector: Budget["selector"], labels: Record<string, string> = {}): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const among = value !== undefined && values.includes(value);
      return operator === "In" ? among : !among;
    })
  );
}

export function neededHealthy(spec: Budget, total: number): number {
  const amount = (value: number | string) =>
    typeof value === "number" ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);
  if (spec.minAvailable !== undefined) return amount(spec.minAvailable);
  return Math.max(0, total - amount(spec.maxUnavailable ?? 1));
}

/**
 * What the disruption controller would write now. Of a generated budget the status of the start is taken for as
 * long as no pod of its namespace has changed, so that a list needs no pods.
 */
export function budgetStatus(store: Store, budget: ApiObject): unknown {
  const inside = `${budget.metadata.namespace}/`;
  if (budget.status !== undefined && !store.hasChanged("pods", inside)) return budget.status;
  const spec: Budget = typeof budget.spec === "object" && budget.spec ? budget.spec : {};
  const pods = covered(store, inside, spec.selector);
  const healthy = pods.filter(isReady).length;
  return statusOf(budget, { total: pods.length, healthy, needed: neededHealthy(spec, pods.length) });
}

function covered(store: Store, inside: string, selector: Budget["selector"]): PodObject[] {
  const name = selector?.matchLabels?.["app.kubernetes.io/name"];
  const owned = ["deployments.apps", "statefulsets.apps"].some((kind) => store.get(kind, `${inside}${name}`));
  // what an owner makes is named after it: no need to look at the rest
  const prefix = owned ? `${inside}${name}-` : inside;
  const found: PodObject[] = [];
  for (const [, pod] of store.of("pods").walk(prefix, prefix, store.revision)) {
    if (selects(selector, pod.metadata.labels)) found.push(pod as PodObject);
  }
  return found;
}

export function statusOf(
  { metadata }: Pick<ApiObject, "metadata">,
  { total, healthy, needed }: { total: number; healthy: number; needed: number },
): Record<string, unknown> {
  const allowed = Math.max(0, total === 0 ? 0 : healthy - needed);
  return {
    observedGeneration: metadata.generation ?? 1,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: needed,
    expectedPods: total,
    conditions: [
      {
        type: "DisruptionAllowed",
        status: allowed > 0 ? "True" : "False",
        observedGeneration: metadata.generation ?? 1,
        lastTransitionTime: metadata.creationTimestamp,
        reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
        message: "",
      },
    ],
  };
}
