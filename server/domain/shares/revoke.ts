import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { mayRevoke } from "./list.ts";

/** Ends a link at once: opened again it is as if it had never been. Asking twice changes nothing. */
export async function revokeShare({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { shareId: string };
}): Promise<void> {
  const where = { id: input.shareId, teamId: ctx.team.id };
  const revokedBy = ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name;
  await ctx.db.$transaction(async (tx) => {
    const share = await tx.shareLink.findFirst({ where, select: { subject: true, createdById: true } });
    if (!share) throw new AppError("not-found", "share-not-found");
    if (!mayRevoke(ctx, share)) throw new AppError("forbidden", "share-not-yours");
    const { count } = await tx.shareLink.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: ctx.now(), revokedBy },
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: "share.revoked",
      subject: { kind: "share", id: input.shareId, name: share.subject },
    });
  });
}
