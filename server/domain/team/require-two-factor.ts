import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { TeamContext } from "../context.ts";
import { hasSecondFactor } from "./second-factor.ts";

/** From then on the team opens to sessions with a second factor alone. Who asks for it has to have one. */
export async function requireTwoFactor({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { required: boolean };
}): Promise<void> {
  const { required } = input;
  if (required && !(await hasSecondFactor(ctx))) throw new AppError("conflict", "second-factor-first");
  await ctx.db.$transaction(async (tx) => {
    const team = await tx.team.update({ where: { id: ctx.team.id }, data: { requireTwoFactor: required } });
    await recordAudit(tx, ctx, {
      action: "team.twoFactorRequired",
      subject: { kind: "team", id: team.id, name: team.name },
      details: { required },
    });
  });
}
