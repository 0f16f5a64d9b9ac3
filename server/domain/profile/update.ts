import type { Locale } from "#common/text.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";

export async function updateProfile({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { name: string; locale: Locale };
}): Promise<void> {
  if (ctx.actor.type !== "user") throw new AppError("unauthenticated", "unauthenticated");
  const { userId, name: nameBefore } = ctx.actor;
  await ctx.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: input });
    const subject = { kind: "account", id: userId, name: input.name } as const;
    await recordAudit(tx, ctx, { action: "account.profileChanged", subject, details: { nameBefore } });
  });
}
