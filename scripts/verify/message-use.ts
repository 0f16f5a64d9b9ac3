// Follows the calls of next-intl as far as text shows them: `const t = useTranslations("run")` … `t("title")`.
import type { Catalogue } from "./message-catalogue.ts";

const bound =
  /\bconst (\w+) = (?:await )?(?:useTranslations|getTranslations)\(\s*(?:"([\w.-]+)"|\{[^}]*namespace: "([\w.-]+)"[^}]*\})?\s*,?\s*\)/g;

function has(catalogue: Catalogue, path: string): boolean {
  const dot = path.indexOf(".");
  const [namespace, key] = dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
  const messages = catalogue.get(namespace);
  if (messages === undefined) return false;
  return key === "" || messages.has(key) || [...messages.keys()].some((known) => known.startsWith(`${key}.`));
}

/** Keys that `text` names literally and `catalogue` has not. A name bound twice in a file is left alone. */
export function missingKeys(path: string, text: string, catalogue: Catalogue): string[] {
  const bindings = new Map<string, string | undefined>();
  for (const [, name = "", direct, inOptions] of text.matchAll(bound)) {
    const namespace = direct ?? inOptions ?? "";
    bindings.set(name, bindings.has(name) && bindings.get(name) !== namespace ? undefined : namespace);
  }
  const missing = new Set<string>();
  for (const [name, namespace] of bindings) {
    if (namespace === undefined) continue;
    if (namespace !== "" && !has(catalogue, namespace)) missing.add(namespace);
    for (const [, key] of text.matchAll(
      new RegExp(`\\b${name}(?:\\.(?:rich|raw|markup))?\\(\\s*"([^"]+)"`, "g"),
    )) {
      const full = namespace === "" ? (key ?? "") : `${namespace}.${key}`;
      if (!has(catalogue, full)) missing.add(full);
    }
  }
  return [...missing].map((key) => `${path} names the message "${key}", which messages/en has not`);
}
