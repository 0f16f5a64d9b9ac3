import { type ApiScope, apiScopes, roleOfScope } from "#common/contracts/api-key.ts";
import { maySomewhere } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";

/** What is left of stored scopes while the member a key acts for has these roles, in the team and on its clusters. */
export function scopesNow(
  stored: readonly string[],
  maker: Pick<TeamContext, "role" | "clusterRoles">,
): { granted: ApiScope[]; now: ApiScope[] } {
  const granted = apiScopes.filter((scope) => stored.includes(scope));
  return { granted, now: granted.filter((scope) => maySomewhere(maker, roleOfScope[scope])) };
}
