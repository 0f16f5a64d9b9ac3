import { z } from "zod";
import { checkViewSchema } from "#common/contracts/runbook.ts";
import { listChecks } from "#server/domain/checks/list.ts";
import { libraryOf } from "#server/domain/team-runbooks/library-of.ts";
import { router, teamProcedure } from "../trpc.ts";

export const checkRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(checkViewSchema))
    .query(async ({ ctx }) => listChecks({ library: await libraryOf(ctx.team, ctx.team.team.id) })),
});
