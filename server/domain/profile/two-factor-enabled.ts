import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { me } from "./me.ts";

/** After the first right code: sessions that began with the password alone end, so that none is weaker than the rest. */
export async function twoFactorEnabled({ ctx }: { ctx: DomainContext }): Promise<void> {
  const { userId, email } = me(ctx);
  await ctx.db.$transaction(async (tx) => {
    await tx.session.deleteMany({ where: { userId, secondFactor: false } });
    await recordAudit(
      tx,
      { actor: ctx.actor },
      {
        ...{ action: "account.twoFactorEnabled", subject: { kind: "account", id: userId, name: email } },
      },
    );
  });
}
