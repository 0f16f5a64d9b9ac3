export const roles = ["viewer", "operator", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** Whether `role` may do what asks for `needed`. */
export function roleCovers(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
