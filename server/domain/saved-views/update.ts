import type { SavedViewChange } from "#common/contracts/history.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { findOwnView, refuseSharing } from "./find.ts";

/** Renames a view, shares it with the team or takes it back. */
export async function updateView({
  ctx,
  input: { viewId, name, shared },
}: {
  ctx: TeamContext;
  input: SavedViewChange;
}): Promise<void> {
  const view = await findOwnView(ctx, viewId);
  refuseSharing(ctx, shared && !view.shared);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.savedView.updateMany({
      where: { id: view.id, teamId: ctx.team.id },
      data: { name, shared },
    });
    if (count === 0) return;
    const subject = { kind: "view", id: view.id, name } as const;
    await recordAudit(tx, ctx, { action: "view.changed", subject, details: { shared } });
  });
}
