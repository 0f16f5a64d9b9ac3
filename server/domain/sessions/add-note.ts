import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { findSessionToChange, holdOpen, nameOf } from "./hold.ts";

const mostNotes = 300;

/** Adds a note in plain text; nobody changes or removes one. */
export async function addNote({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { sessionId: string; text: string };
}): Promise<void> {
  const { id } = await findSessionToChange(ctx, input.sessionId);
  await ctx.db.$transaction(async (tx) => {
    await holdOpen(tx, id);
    if ((await tx.sessionNote.count({ where: { sessionId: id } })) >= mostNotes) {
      throw new AppError("too-many", "session-notes-too-many", { values: { most: mostNotes } });
    }
    await tx.sessionNote.create({
      data: { sessionId: id, text: input.text, by: nameOf(ctx), at: ctx.now() },
    });
  });
}
