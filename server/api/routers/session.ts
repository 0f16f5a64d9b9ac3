import { z } from "zod";
import { resetLinkSchema, resetPasswordSchema, resetViewSchema } from "#common/contracts/account.ts";
import { currentSessionSchema } from "#common/contracts/team.ts";
import { readReset } from "#server/domain/password-resets/read.ts";
import { resetPassword } from "#server/domain/password-resets/use.ts";
import { currentSession } from "#server/domain/session/current.ts";
import { publicProcedure, router } from "../trpc.ts";

export const sessionRouter = router({
  current: publicProcedure
    .output(currentSessionSchema)
    .query(({ ctx }) => currentSession({ ctx: ctx.domain })),

  /** What the door offers beside a password. */
  methods: publicProcedure
    .output(z.object({ oidc: z.object({ name: z.string() }).nullable() }))
    .query(({ ctx }) => ({ oidc: ctx.services.oidc })),

  readReset: publicProcedure
    .input(resetLinkSchema)
    .output(resetViewSchema)
    .query(({ ctx, input }) => readReset({ ctx: ctx.domain, input })),

  resetPassword: publicProcedure
    .input(resetPasswordSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => resetPassword({ ctx: ctx.domain, input })),
});
