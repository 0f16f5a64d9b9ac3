import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { visibleTo } from "./list.ts";

/** Ends a key at once: the next request with it is refused. Asking twice changes nothing. */
export async function revokeApiKey({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { keyId: string };
}): Promise<void> {
  const where = { id: input.keyId, teamId: ctx.team.id, ...visibleTo(ctx) };
  const revokedBy = ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name;
  await ctx.db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where, select: { id: true, name: true } });
    if (!key) throw new AppError("not-found", "api-key-not-found");
    const { count } = await tx.apiKey.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: ctx.now(), revokedBy },
    });
    if (count === 0) return;
    await recordAudit(tx, ctx, {
      action: "apiKey.revoked",
      subject: { kind: "apiKey", id: key.id, name: key.name },
    });
  });
}
