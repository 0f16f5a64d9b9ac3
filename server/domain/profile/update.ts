import type { Locale } from "#common/text.ts";
import { AppError } from "#server/errors.ts";
import type { DomainContext } from "../context.ts";

export async function updateProfile({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { name: string; locale: Locale };
}): Promise<void> {
  if (ctx.actor.type !== "user") throw new AppError("unauthenticated", "unauthenticated");
  await ctx.db.user.update({ where: { id: ctx.actor.userId }, data: input });
}
