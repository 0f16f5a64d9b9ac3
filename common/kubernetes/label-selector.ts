import type { LabelSelector } from "kubernetes-types/meta/v1.d.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether a label selector of the API picks these labels. An empty one picks all, an absent one nothing. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  return (
    labelsMatch(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
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
        default:
          return false;
      }
    })
  );
}

/** The plain form: every label is there with its value. */
export function labelsMatch(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

type Selecting<T> = { namespace: string; selector: LabelSelector; item: T };

/**
 * Finds what selects an object of a namespace without asking every selector: each stands under the label it wants that
 * fewest others want, and only those that want none are asked each time. Pods that share one object of labels share
 * the answer.
 */
export function selectorIndex<T>(
  selecting: Iterable<Selecting<T>>,
): (namespace: string, labels: Labels) => readonly T[] {
  const all = [...selecting].map((one) => ({
    one,
    keys: Object.entries(one.selector.matchLabels ?? {}).map(
      ([key, value]) => `${one.namespace}\n${key}\n${value}`,
    ),
  }));
  const wanted = new Map<string, number>();
  for (const { keys } of all) for (const key of keys) wanted.set(key, (wanted.get(key) ?? 0) + 1);
  const byLabel = new Map<string, Selecting<T>[]>();
  const byNamespace = new Map<string, Selecting<T>[]>();
  for (const { one, keys } of all) {
    const [rarest] = keys.toSorted((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    const [index, key] = rarest === undefined ? [byNamespace, one.namespace] : [byLabel, rarest];
    const known = index.get(key);
    if (known) known.push(one);
    else index.set(key, [one]);
  }
  const answers = new Map<Labels, { namespace: string; found: readonly T[] }>();
  const find = (namespace: string, labels: Labels): readonly T[] => {
    const found: T[] = [];
    const ask = (list: Selecting<T>[] | undefined) => {
      for (const { selector, item } of list ?? []) if (selectorMatches(selector, labels)) found.push(item);
    };
    ask(byNamespace.get(namespace));
    for (const key in labels) ask(byLabel.get(`${namespace}\n${key}\n${labels[key]}`));
    return found;
  };
  return (namespace, labels) => {
    const known = answers.get(labels);
    if (known?.namespace === namespace) return known.found;
    const found = find(namespace, labels);
    answers.set(labels, { namespace, found });
    return found;
  };
}

/** As `kubectl --selector` takes it. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const words = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  return [...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`), ...words].join(",");
}
