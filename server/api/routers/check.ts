import { z } from "zod";
import { checkViewSchema } from "#common/contracts/runbook.ts";
import { listChecks } from "#server/domain/checks/list.ts";
import { router, teamProcedure } from "../trpc.ts";

export const checkRouter = router({
  list: teamProcedure("viewer")
    .output(z.array(checkViewSchema))
    .query(() => listChecks()),
});
