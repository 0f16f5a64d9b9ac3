import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";

/** A runbook of this team that was not removed. Another team's is no different from none. */
export async function findTeamRunbook(ctx: Pick<TeamContext, "db" | "team">, slug: string) {
  const runbook = await ctx.db.teamRunbook.findFirst({
    where: { teamId: ctx.team.id, slug, removedAt: null },
  });
  if (!runbook) throw new AppError("not-found", "runbook-not-found");
  return runbook;
}

/** One of its texts; the newest unless a number is given. */
export async function findVersion(
  ctx: Pick<TeamContext, "db" | "team">,
  { id, number }: { id: string; number: number },
) {
  const version = await ctx.db.runbookVersion.findFirst({
    where: { runbookId: id, number, teamId: ctx.team.id },
  });
  if (!version) throw new AppError("not-found", "runbook-not-found");
  return version;
}
