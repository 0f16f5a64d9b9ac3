import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { checkPassword } from "./check-password.ts";
import { me } from "./me.ts";

/** Goes back to the password alone. No session counts as one that a code was asked for any more. */
export async function disableTwoFactor({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { password: string };
}): Promise<void> {
  const { userId, email } = me(ctx);
  await checkPassword(ctx, input.password);
  await ctx.db.$transaction(async (tx) => {
    await tx.twoFactor.deleteMany({ where: { userId } });
    await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
    await tx.session.updateMany({ where: { userId, federated: false }, data: { secondFactor: false } });
    await recordAudit(
      tx,
      { actor: ctx.actor },
      {
        ...{ action: "account.twoFactorDisabled", subject: { kind: "account", id: userId, name: email } },
      },
    );
  });
}
