import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { refuseWeak } from "../profile/password-rules.ts";
import { openReset } from "./open.ts";

/**
 * Sets another password and ends every session of the person. A second factor stays: the link is in place of the
 * password alone.
 */
export async function resetPassword({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { token: string; password: string };
}): Promise<void> {
  const { id, userId, user } = await openReset(ctx, input.token);
  refuseWeak(input.password, user);
  const password = await hashPassword(input.password);
  await ctx.db.$transaction(async (tx) => {
    const where = { id, usedAt: null };
    const { count } = await tx.passwordReset.updateMany({ where, data: { usedAt: ctx.now() } });
    if (count === 0) throw new AppError("not-found", "reset-gone");
    const changed = await tx.account.updateMany({
      where: { userId, providerId: "credential" },
      data: { password },
    });
    if (changed.count === 0) {
      const account = { id: randomUUID(), accountId: userId, providerId: "credential", userId, password };
      await tx.account.create({ data: account });
    }
    await tx.session.deleteMany({ where: { userId } });
    await recordAudit(
      tx,
      { actor: ctx.actor },
      {
        ...{ action: "account.passwordReset", subject: { kind: "account", id: userId, name: user.email } },
      },
    );
  });
}
