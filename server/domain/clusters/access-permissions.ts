import type { AccessPermission } from "#common/contracts/cluster.ts";
import type { Check } from "#server/checks/define-check.ts";
import { kinds } from "#server/checks/needs/kubernetes.ts";
import { describeCheck } from "../checks/describe.ts";

/**
 * What a credential has to be allowed for these checks, each permission once, by group, resource and verb. Listing
 * namespaces is always among them: without it nobody could say which namespaces stay closed.
 */
export function accessPermissions(checks: readonly Check[]): AccessPermission[] {
  const byKey = new Map<string, AccessPermission>();
  const at = (permission: Pick<AccessPermission, "group" | "resource" | "verb" | "privileged">) => {
    const { group, resource, verb, privileged } = permission;
    const key = `${group}/${resource}/${verb}`;
    const known = byKey.get(key) ?? { group, resource, verb, privileged, requiredBy: [], optionalFor: [] };
    byKey.set(key, known);
    return known;
  };
  const { group, resource } = kinds.Namespace;
  at({ group, resource, verb: "list", privileged: false });
  for (const { id, permissions } of checks.map(describeCheck)) {
    for (const { optional, ...permission } of permissions) {
      const { optionalFor, requiredBy } = at(permission);
      (optional ? optionalFor : requiredBy).push(id);
    }
  }
  return [...byKey].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, permission]) => permission);
}
