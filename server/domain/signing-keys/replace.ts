import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { isInstanceOwner } from "../team/instance-owner.ts";
import { makeKey } from "./active.ts";

/** Signs with another key from now on. What earlier ones signed can still be checked. For owners of the instance. */
export async function replaceSigningKey({ ctx }: { ctx: DomainContext }): Promise<void> {
  const { actor, signing } = ctx;
  if (actor.type !== "user" || !(await isInstanceOwner(ctx, actor.userId))) {
    throw new AppError("forbidden", "forbidden");
  }
  if (!signing) throw new AppError("unavailable", "signing-unavailable");
  await ctx.db.$transaction(async (tx) => {
    const { fingerprint } = await makeKey(tx, signing.sealer);
    await recordAudit(
      tx,
      { actor },
      {
        action: "signingKey.replaced",
        subject: { kind: "signingKey", id: fingerprint, name: fingerprint },
      },
    );
  });
}
