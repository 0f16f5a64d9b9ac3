import type { Role } from "#common/role.ts";

/** The keys of a role's words in the namespace `settings`. */
export const roleName = {
  viewer: "roleViewer",
  operator: "roleOperator",
  admin: "roleAdmin",
  owner: "roleOwner",
} as const satisfies Record<Role, string>;
