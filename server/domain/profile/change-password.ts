import { hashPassword } from "better-auth/crypto";
import type { z } from "zod";
import type { changePasswordSchema } from "#common/contracts/account.ts";
import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { checkPassword } from "./check-password.ts";
import { me } from "./me.ts";
import { refuseWeak } from "./password-rules.ts";

type ChangePassword = { ctx: DomainContext; input: z.output<typeof changePasswordSchema> };

/** Another password, for who knows the old one. Every other session of the person ends. */
export async function changePassword({ ctx, input }: ChangePassword): Promise<void> {
  const { userId, name, email, sessionId = "" } = me(ctx);
  const account = await checkPassword(ctx, input.current, "current");
  refuseWeak(input.password, { name, email });
  const password = await hashPassword(input.password);
  await ctx.db.$transaction(async (tx) => {
    await tx.account.update({ where: { id: account.id }, data: { password } });
    await tx.session.deleteMany({ where: { userId, id: { not: sessionId } } });
    await recordAudit(
      tx,
      { actor: ctx.actor },
      {
        ...{ action: "account.passwordChanged", subject: { kind: "account", id: userId, name: email } },
      },
    );
  });
}
