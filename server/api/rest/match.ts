import type { Endpoint } from "./endpoint.ts";

export type Match = { endpoint: Endpoint; params: Record<string, string> };

/** Those of the list whose path this is, whatever their method; `path` is still percent-encoded. */
export function matches(list: readonly Endpoint[], path: string): Match[] {
  const given = path.split("/").map(decoded);
  return list.flatMap((endpoint) => {
    const params = paramsOf(endpoint.path.split("/"), given);
    return params ? [{ endpoint, params }] : [];
  });
}

function paramsOf(wanted: string[], given: (string | null)[]): Record<string, string> | null {
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? null;
    if (value === null) return null;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && value !== "") params[name] = value;
    else if (value !== part) return null;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
