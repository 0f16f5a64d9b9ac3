import { z } from "zod";
import { sessionStepSchema } from "#common/contracts/runbook-session.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { findSessionToChange, holdOpen, nameOf } from "./hold.ts";

type Tick = { ctx: TeamContext; input: { sessionId: string; step: number; done: boolean } };

/** Says that a step is done, or that it is not. Of two who tick it at once the first is named; nobody is refused. */
export async function tickStep({ ctx, input }: Tick): Promise<void> {
  const { id, steps } = await findSessionToChange(ctx, input.sessionId);
  const { step, done } = input;
  if (
    !z
      .array(sessionStepSchema)
      .parse(steps)
      .some((each) => each.step === step)
  ) {
    throw new AppError("not-found", "session-step-not-found");
  }
  await ctx.db.$transaction(async (tx) => {
    await holdOpen(tx, id);
    const key = { sessionId: id, step };
    if (!done) await tx.sessionTick.deleteMany({ where: key });
    else
      await tx.sessionTick.createMany({
        data: { ...key, by: nameOf(ctx), at: ctx.now() },
        skipDuplicates: true,
      });
  });
}
