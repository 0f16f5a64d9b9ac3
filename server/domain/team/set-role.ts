import type { Role } from "#common/role.ts";
import type { TeamContext } from "../context.ts";
import { changeMembership } from "./change-membership.ts";

export async function setRole({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { userId: string; role: Role };
}): Promise<void> {
  await changeMembership(ctx, { userId: input.userId, to: input.role });
}
