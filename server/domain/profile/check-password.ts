import { verifyPassword } from "better-auth/crypto";
import { AppError } from "#server/errors.ts";
import { mayTry } from "#server/sign-in/limit.ts";
import type { DomainContext } from "../context.ts";
import { me } from "./me.ts";

/**
 * Asks who is signed in for the password once more: a browser left open is not its owner. Ten guesses a minute, like at
 * the door. Returns the account that holds the password.
 */
export async function checkPassword(ctx: DomainContext, password: string, field = "password") {
  const { userId } = me(ctx);
  if (!(await mayTry(ctx.db, `password of ${userId}`, ctx.now()))) {
    throw new AppError("too-many", "too-many-tries");
  }
  const account = await ctx.db.account.findFirst({ where: { userId, providerId: "credential" } });
  if (!account?.password) throw new AppError("conflict", "no-password");
  if (await verifyPassword({ hash: account.password, password })) return account;
  throw new AppError("invalid", "invalid", { fields: { [field]: "field-password-wrong" } });
}
