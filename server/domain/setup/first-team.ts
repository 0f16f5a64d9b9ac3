import type { DomainContext } from "../context.ts";

/** The team the instance was set up with: what the launcher registers belongs to it. */
export function findFirstTeam(ctx: DomainContext) {
  return ctx.db.team.findFirstOrThrow({ orderBy: { id: "asc" }, select: { id: true } });
}
