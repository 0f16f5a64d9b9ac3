import { KubeconfigError, type KubeconfigProblem } from "./access.ts";
import { type Plain, type PlainMap, readStrictYaml, shown } from "./strict-yaml.ts";

/** The file by its names: what each cluster, user and context holds, not yet judged. */
export type Kubeconfig = {
  currentContext: string | undefined;
  contexts: Map<string, PlainMap>;
  clusters: Map<string, PlainMap>;
  users: Map<string, PlainMap>;
};

const topKeys = [
  "apiVersion",
  "kind",
  "preferences",
  "clusters",
  "users",
  "contexts",
  "current-context",
  "extensions",
];
const contextKeys = ["cluster", "user", "namespace", "extensions"];

export function readKubeconfig(text: string): Kubeconfig {
  const top = readStrictYaml(text);
  if (!(top instanceof Map) || !top.has("clusters") || !top.has("contexts")) {
    throw new KubeconfigError("not-a-kubeconfig");
  }
  allowKeys(top, topKeys);
  if ((top.get("kind") ?? "Config") !== "Config" || (top.get("apiVersion") ?? "v1") !== "v1") {
    throw new KubeconfigError("not-a-kubeconfig");
  }
  const current = top.get("current-context") ?? "";
  if (typeof current !== "string") throw new KubeconfigError("wrong-type", { field: "current-context" });
  const contexts = entries(top, "contexts", "context", "duplicate-context");
  if (contexts.size === 0) throw new KubeconfigError("no-contexts");
  for (const context of contexts.values()) allowKeys(context, contextKeys);
  return {
    currentContext: current === "" ? undefined : current,
    contexts,
    clusters: entries(top, "clusters", "cluster", "duplicate-cluster"),
    users: entries(top, "users", "user", "duplicate-user"),
  };
}

/** Refuses every key that is not in the list. */
export function allowKeys(map: PlainMap, allowed: readonly string[]): void {
  for (const key of map.keys()) {
    if (!allowed.includes(key)) throw new KubeconfigError("unknown-key", { key: shown(key) });
  }
}

function entries(
  top: PlainMap,
  field: string,
  inner: string,
  duplicate: KubeconfigProblem,
): Map<string, PlainMap> {
  const list = top.get(field) ?? [];
  if (!Array.isArray(list)) throw new KubeconfigError("wrong-type", { field });
  const found = new Map<string, PlainMap>();
  for (const entry of list) {
    const { name, value } = namedEntry(entry, field, inner);
    if (found.has(name)) throw new KubeconfigError(duplicate, { name: shown(name) });
    found.set(name, value);
  }
  return found;
}

function namedEntry(entry: Plain, field: string, inner: string): { name: string; value: PlainMap } {
  if (!(entry instanceof Map)) throw new KubeconfigError("wrong-type", { field });
  allowKeys(entry, ["name", inner]);
  const name = entry.get("name") ?? "";
  if (typeof name !== "string") throw new KubeconfigError("wrong-type", { field: `${field}: name` });
  if (name.trim() === "" || /[\r\n\t]/.test(name)) throw new KubeconfigError("name-missing", { field });
  const value = entry.get(inner) ?? new Map();
  if (!(value instanceof Map)) throw new KubeconfigError("wrong-type", { field: `${field}: ${inner}` });
  return { name, value };
}
