import { z } from "zod";
import type { SharePage, ShareView } from "#common/contracts/share.ts";
import { roleCovers } from "#common/role.ts";
import type { ShareLink } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const perPage = 50;
const place = z.object({ id: z.uuid() });

/** The team's links, or those to one run; newest first. Ended ones stay in the list: who has seen what is a question of later. */
export async function listShares({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId?: string; cursor?: string | null };
}): Promise<SharePage> {
  const after = decodeCursor(place, input.cursor);
  const rows = await ctx.db.shareLink.findMany({
    where: {
      teamId: ctx.team.id,
      runId: input.runId,
      ...(after && { id: { lt: after.id } }),
    },
    omit: { tokenHash: true, nameKey: true },
    orderBy: { id: "desc" },
    take: perPage + 1,
  });
  const items = rows.slice(0, perPage);
  const last = items.at(-1);
  return {
    items: items.map((row) => toView(row, ctx)),
    next: rows.length > perPage && last ? encodeCursor({ id: last.id }) : null,
  };
}

function toView(row: Omit<ShareLink, "tokenHash" | "nameKey">, ctx: TeamContext): ShareView {
  const ended = row.expiresAt <= ctx.now() ? "expired" : "active";
  return { ...row, state: row.revokedAt ? "revoked" : ended, mine: mayRevoke(ctx, row) };
}

/** Whoever made a link may end it, and admins may end any. */
export function mayRevoke(ctx: TeamContext, { createdById }: { createdById: string | null }): boolean {
  if (roleCovers(ctx.role, "admin")) return true;
  return ctx.actor.type === "user" && ctx.actor.userId === createdById;
}
