import type { Node, NodeSelectorTerm, PodSpec, Taint, Toleration } from "kubernetes-types/core/v1.d.ts";

/** What decides whether a pod may be placed on a node, as far as labels and taints go. */
export type PlacementNode = {
  name: string;
  labels: Record<string, string>;
  taints: Pick<Taint, "key" | "value" | "effect">[];
};

export type PlacementRules = {
  nodeSelector: Record<string, string>;
  /** any of them; null where there is no required affinity */
  terms: NodeSelectorTerm[] | null;
  tolerations: Toleration[];
};

export function pickPlacementNode(node: Node): PlacementNode {
  const taints = (node.spec?.taints ?? []).map(({ key, value, effect }) => ({ key, value, effect }));
  const cordon = { key: "node.kubernetes.io/unschedulable", value: undefined, effect: "NoSchedule" };
  const marked = taints.some(({ key }) => key === cordon.key);
  return {
    name: node.metadata?.name ?? "",
    labels: node.metadata?.labels ?? {},
    taints: node.spec?.unschedulable && !marked ? [...taints, cordon] : taints,
  };
}

export function pickPlacementRules(spec: PodSpec | undefined): PlacementRules {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    nodeSelector: spec?.nodeSelector ?? {},
    terms: required?.nodeSelectorTerms ?? null,
    tolerations: spec?.tolerations ?? [],
  };
}

type Expression = { key: string; operator: string; values?: string[] };

function matches({ key, operator, values = [] }: Expression, labels: Record<string, string>): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** An empty term matches no node, as in the scheduler. */
function termMatches(term: NodeSelectorTerm, node: PlacementNode): boolean {
  const labels = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  return (
    labels.length + fields.length > 0 &&
    labels.every((expression) => matches(expression, node.labels)) &&
    fields.every((expression) => matches(expression, { "metadata.name": node.name }))
  );
}

function tolerates(toleration: Toleration, taint: PlacementNode["taints"][number]): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (!toleration.key) return toleration.operator === "Exists";
  if (toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
}

/** Node selector and required node affinity alone. */
export function selectsNode(
  rules: Pick<PlacementRules, "nodeSelector" | "terms">,
  node: PlacementNode,
): boolean {
  return (
    Object.entries(rules.nodeSelector).every(([key, value]) => node.labels[key] === value) &&
    (rules.terms === null || rules.terms.some((term) => termMatches(term, node)))
  );
}

/** Taints alone: those that keep a pod away or drive it off. */
export function toleratesNode(tolerations: Toleration[], node: PlacementNode): boolean {
  return node.taints
    .filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute")
    .every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

/** Whether the scheduler could put a pod with these rules on the node. */
export function mayRunOn(rules: PlacementRules, node: PlacementNode): boolean {
  return selectsNode(rules, node) && toleratesNode(rules.tolerations, node);
}
