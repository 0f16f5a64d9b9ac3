import { z } from "zod";
import { slugSchema } from "#common/contracts/cluster.ts";
import {
  createInputSchema,
  previewSchema,
  savedSchema,
  saveInputSchema,
  teamRunbookSchema,
  validateInputSchema,
  validationSchema,
  versionDiffSchema,
} from "#common/contracts/team-runbook.ts";
import { approveCheck } from "#server/domain/team-runbooks/approve.ts";
import { compareVersions } from "#server/domain/team-runbooks/compare-versions.ts";
import { createTeamRunbook } from "#server/domain/team-runbooks/create.ts";
import { getTeamRunbook } from "#server/domain/team-runbooks/get.ts";
import { previewChecks } from "#server/domain/team-runbooks/preview.ts";
import { removeTeamRunbook } from "#server/domain/team-runbooks/remove.ts";
import { saveTeamRunbook } from "#server/domain/team-runbooks/save.ts";
import { validateText } from "#server/domain/team-runbooks/validate.ts";
import { router, teamProcedure } from "../trpc.ts";

const named = z.object({ slug: slugSchema });

export const teamRunbookRouter = router({
  get: teamProcedure("viewer")
    .input(named.extend({ number: z.number().int().positive().optional() }))
    .output(teamRunbookSchema)
    .query(({ ctx, input }) => getTeamRunbook({ ctx: ctx.team, input })),

  compareVersions: teamProcedure("viewer")
    .input(
      named.extend({
        from: z.number().int().positive().optional(),
        to: z.number().int().positive().optional(),
      }),
    )
    .output(versionDiffSchema)
    .query(({ ctx, input }) => compareVersions({ ctx: ctx.team, input })),

  /** A mutation only because a query would carry the text in its address; so are the next. */
  validate: teamProcedure("operator")
    .input(validateInputSchema)
    .output(validationSchema)
    .mutation(({ ctx, input }) => validateText({ ctx: ctx.team, input })),

  preview: teamProcedure("operator")
    .input(validateInputSchema)
    .output(z.array(previewSchema))
    .mutation(({ ctx, input }) => previewChecks({ ctx: ctx.team, input })),

  create: teamProcedure("operator")
    .input(createInputSchema)
    .output(named)
    .mutation(({ ctx, input }) => createTeamRunbook({ ctx: ctx.team, input })),

  save: teamProcedure("operator")
    .input(saveInputSchema)
    .output(savedSchema)
    .mutation(({ ctx, input }) => saveTeamRunbook({ ctx: ctx.team, input })),

  approve: teamProcedure("admin")
    .input(named.extend({ checkId: z.string().max(60), contentHash: z.string().length(64) }))
    .output(z.void())
    .mutation(({ ctx, input }) => approveCheck({ ctx: ctx.team, input })),

  remove: teamProcedure("operator")
    .input(named)
    .output(z.void())
    .mutation(({ ctx, input }) => removeTeamRunbook({ ctx: ctx.team, input })),
});
