import type { AccessPermission, ConnectionTest } from "../contracts/cluster.ts";

type Reported = Extract<ConnectionTest, { ok: true }>["permissions"];

export type CredentialGaps = {
  /** how many checks there are, and the ids of those that will say `unknown` */
  total: number;
  unknown: string[];
  /** what those lack */
  missing: AccessPermission[];
  /** what checks must read and the test did not ask about: nothing can be said of it */
  unasked: AccessPermission[];
};

/** Which checks a credential is not enough for, by what its connection's test reported. */
export function credentialGaps(permissions: readonly AccessPermission[], reported: Reported): CredentialGaps {
  // A right in one namespace says nothing of the others.
  const everywhere = new Map(
    reported.filter(({ namespace }) => namespace === undefined).map((one) => [keyOf(one), one.allowed]),
  );
  const required = permissions.filter(({ requiredBy }) => requiredBy.length > 0);
  const missing = required.filter((one) => everywhere.get(keyOf(one)) === false);
  const unasked = required.filter((one) => !everywhere.has(keyOf(one)));
  const all = permissions.flatMap(({ requiredBy, optionalFor }) => [...requiredBy, ...optionalFor]);
  const unknown = new Set(missing.flatMap(({ requiredBy }) => requiredBy));
  return { total: new Set(all).size, unknown: [...unknown].sort(), missing, unasked };
}

/** As kubectl writes it: "list deployments.apps", "get pods/log", "get /metrics". */
export function permissionWords({
  verb,
  group,
  resource,
}: Pick<Reported[number], "verb" | "group" | "resource">): string {
  return `${verb} ${resource}${group ? `.${group}` : ""}`;
}

function keyOf({ verb, group, resource }: { verb: string; group: string; resource: string }): string {
  return `${verb} ${group}/${resource}`;
}
