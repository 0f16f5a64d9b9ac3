import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import type { DomainContext } from "../context.ts";
import { me } from "./me.ts";

/** Ends one session of the person, or with `null` all but this one. What it has open, such as a stream, ends as well. */
export async function endSession({
  ctx,
  input,
}: {
  ctx: DomainContext;
  input: { sessionId: string | null };
}): Promise<void> {
  const { userId, email, sessionId: current = "" } = me(ctx);
  const id = input.sessionId ?? { not: current };
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { userId, id } });
    if (count === 0 && input.sessionId !== null) throw new AppError("not-found", "session-gone");
    await recordAudit(
      tx,
      { actor: ctx.actor },
      {
        ...{ action: "account.sessionsEnded", subject: { kind: "account", id: userId, name: email } },
        details: { count },
      },
    );
  });
}
