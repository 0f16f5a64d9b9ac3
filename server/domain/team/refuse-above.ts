import { type Role, roleCovers } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** Nobody grants, changes or takes away a role above their own. */
export function refuseAbove(ctx: TeamContext, role: Role): void {
  if (!roleCovers(ctx.role, role)) throw new AppError("forbidden", "role-above-own");
}
