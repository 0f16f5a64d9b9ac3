import type { CreateApiKey } from "#common/contracts/api-key.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { scopesNow } from "./scopes-now.ts";
import { newApiSecret } from "./secret.ts";

const dayMs = 86_400_000;
const mostPerTeam = 100;

/** Makes a key that acts for whoever makes it. Its secret is returned once and kept nowhere. */
export async function createApiKey({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: CreateApiKey;
}): Promise<{ id: string; secret: string }> {
  if (ctx.actor.type !== "user") throw new AppError("forbidden", "api-key-needs-person");
  const { granted: scopes, now: covered } = scopesNow(input.scopes, ctx);
  if (covered.length < scopes.length) throw new AppError("forbidden", "role-above-own");
  const { userId } = ctx.actor;
  const { secret, secretHash, prefix } = newApiSecret();
  const now = ctx.now();
  const id = await ctx.db.$transaction(async (tx) => {
    const live = await tx.apiKey.count({
      where: { teamId: ctx.team.id, revokedAt: null, expiresAt: { gt: now } },
    });
    if (live >= mostPerTeam)
      throw new AppError("conflict", "api-key-too-many", { values: { most: mostPerTeam } });
    const key = await tx.apiKey.create({
      data: {
        ...{ teamId: ctx.team.id, userId, name: input.name, prefix, secretHash, scopes },
        ...{ createdAt: now, expiresAt: new Date(now.getTime() + input.days * dayMs) },
      },
    });
    await recordAudit(tx, ctx, {
      action: "apiKey.made",
      subject: { kind: "apiKey", id: key.id, name: key.name },
      details: { scopes, days: input.days },
    });
    return key.id;
  });
  return { id, secret };
}
