import { z } from "zod";
import { auditFilterSchema, auditPageSchema } from "#common/contracts/audit.ts";
import { listAudit } from "#server/domain/audit/list.ts";
import { router, teamProcedure } from "../trpc.ts";

export const auditRouter = router({
  list: teamProcedure("admin")
    .input(
      z.object({
        filter: auditFilterSchema.prefault({}),
        cursor: z.string().max(500).nullish(),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(auditPageSchema)
    .query(({ ctx, input }) => listAudit({ ctx: ctx.team, input })),
});
