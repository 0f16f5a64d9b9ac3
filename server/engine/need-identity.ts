import { createHash } from "node:crypto";
import type { Check } from "../checks/define-check.ts";

/**
 * What each need of a check reads and keeps, as a short hash: the request, the source of what picks or parses, and the
 * parameters those may have seen. Two needs with the same hash have the same facts, whatever the check's version.
 */
export function needIdentities(check: Check, params: Record<string, unknown>): Record<string, string> {
  const seen = new Set<string>();
  const needs = check.needs(watched(params, seen));
  const written = Object.entries(needs).map(([name, { optional: _optional, ...request }]) => {
    const text = JSON.stringify(request, withSources);
    return { name, text };
  });
  // A function that reads `params` only when it is called has read nothing yet: it may depend on any of them.
  const any = written.some(({ text }) => /\bparams\b/.test(text));
  const used = Object.entries(params)
    .filter(([name]) => any || seen.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    written.map(({ name, text }) => [name, hashOf(`${text} ${JSON.stringify(used)}`)]),
  );
}

/** The parameters, noting which are looked at. */
function watched(params: Record<string, unknown>, seen: Set<string>): Record<string, unknown> {
  return new Proxy(params, {
    get(target, name) {
      if (typeof name === "string") seen.add(name);
      return Reflect.get(target, name);
    },
    ownKeys(target) {
      for (const name of Object.keys(target)) seen.add(name);
      return Reflect.ownKeys(target);
    },
  });
}

function withSources(_key: string, value: unknown): unknown {
  if (typeof value === "function") return value.toString().replace(/\s+/g, " ");
  return value instanceof RegExp ? value.toString() : value;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
