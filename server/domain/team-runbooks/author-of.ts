import type { TeamContext } from "../context.ts";

/** Who is named beside what they wrote or approved. */
export function authorOf({ actor }: Pick<TeamContext, "actor">): { id: string | null; name: string } {
  if (actor.type === "user") return { id: actor.userId, name: actor.name };
  return { id: null, name: actor.type === "nobody" ? "nobody" : actor.name };
}
