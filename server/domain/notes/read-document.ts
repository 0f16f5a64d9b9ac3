import type { z } from "zod";
import type { NotesView, readNotesInputSchema } from "#common/contracts/notes.ts";
import type { TeamContext } from "../context.ts";
import { readNotes } from "./read-notes.ts";

/** What a document would become, for a person to look over. Nothing is kept. */
export async function readNotesDocument({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: z.output<typeof readNotesInputSchema>;
}): Promise<NotesView> {
  const own = await ctx.db.teamRunbook.findMany({
    where: { teamId: ctx.team.id, removedAt: null },
    select: { title: true },
    distinct: ["title"],
  });
  return { ...readNotes(input), knownTitles: own.map(({ title }) => title) };
}
