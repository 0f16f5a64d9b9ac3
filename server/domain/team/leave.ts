import type { TeamContext } from "../context.ts";
import { me } from "../profile/me.ts";
import { changeMembership } from "./change-membership.ts";

/** Takes oneself out of the team. The last owner stays. */
export async function leaveTeam({ ctx }: { ctx: TeamContext }): Promise<void> {
  await changeMembership(ctx, { userId: me(ctx).userId, to: null });
}
