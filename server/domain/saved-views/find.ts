import type { SavedView } from "#common/contracts/history.ts";
import { roleCovers } from "#common/role.ts";
import type { SavedView as Row } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A view belongs to somebody: of those who act, only a person has views. */
export function ownerOf({ actor }: TeamContext): string {
  if (actor.type !== "user") throw new AppError("forbidden", "forbidden");
  return actor.userId;
}

/** A view of this team that whoever asks may see and change. Another's private one is no different from none. */
export async function findOwnView(ctx: TeamContext, viewId: string): Promise<Row> {
  const view = await ctx.db.savedView.findFirst({
    where: { id: viewId, teamId: ctx.team.id, OR: [{ ownerId: ownerOf(ctx) }, { shared: true }] },
  });
  if (!view) throw new AppError("not-found", "view-not-found");
  if (!mayChange(ctx, view)) throw new AppError("forbidden", "forbidden");
  return view;
}

/** Its owner may; of a shared one also an admin, or nobody could after the owner has left. */
export function mayChange(ctx: TeamContext, view: Pick<Row, "ownerId" | "shared">): boolean {
  return view.ownerId === ownerOf(ctx) || (view.shared && roleCovers(ctx.role, "admin"));
}

/** What everybody in the team sees is not a viewer's to set. */
export function refuseSharing(ctx: TeamContext, shared: boolean): void {
  if (shared && !roleCovers(ctx.role, "operator")) throw new AppError("forbidden", "view-share-forbidden");
}

export function toSavedView(ctx: TeamContext, row: Row & { owner: { name: string } }): SavedView {
  const { id, name, shared, query, owner } = row;
  return { id, name, shared, query, owner: owner.name, mine: mayChange(ctx, row) };
}
