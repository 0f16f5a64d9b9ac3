import type { TeamContext } from "../context.ts";
import { changeMembership } from "./change-membership.ts";

export async function removeMember({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { userId: string };
}): Promise<void> {
  await changeMembership(ctx, { userId: input.userId, to: null });
}
