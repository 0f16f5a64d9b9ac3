import { z } from "zod";
import {
  accountSecuritySchema,
  backupCodesSchema,
  changePasswordSchema,
  codeSchema,
  passwordSchema,
  twoFactorDraftSchema,
} from "#common/contracts/account.ts";
import { profileSchema } from "#common/contracts/team.ts";
import { changePassword } from "#server/domain/profile/change-password.ts";
import { disableTwoFactor } from "#server/domain/profile/disable-two-factor.ts";
import { endSession } from "#server/domain/profile/end-session.ts";
import { accountSecurity } from "#server/domain/profile/security.ts";
import { updateProfile } from "#server/domain/profile/update.ts";
import { protectedProcedure, router } from "../trpc.ts";
import { beginTwoFactor, confirmTwoFactor, newBackupCodes } from "../two-factor.ts";

export const profileRouter = router({
  update: protectedProcedure
    .input(profileSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => updateProfile({ ctx: ctx.domain, input })),

  security: protectedProcedure
    .output(accountSecuritySchema)
    .query(({ ctx }) => accountSecurity({ ctx: ctx.domain })),

  changePassword: protectedProcedure
    .input(changePasswordSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => changePassword({ ctx: ctx.domain, input })),

  /** `null`: every session but the one that asks. */
  endSession: protectedProcedure
    .input(z.object({ sessionId: z.string().max(100).nullable() }))
    .output(z.void())
    .mutation(({ ctx, input }) => endSession({ ctx: ctx.domain, input })),

  beginTwoFactor: protectedProcedure
    .input(passwordSchema)
    .output(twoFactorDraftSchema)
    .mutation(({ ctx, input }) => beginTwoFactor(ctx, input.password)),

  confirmTwoFactor: protectedProcedure
    .input(codeSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => confirmTwoFactor(ctx, input.code)),

  newBackupCodes: protectedProcedure
    .input(passwordSchema)
    .output(backupCodesSchema)
    .mutation(({ ctx, input }) => newBackupCodes(ctx, input.password)),

  disableTwoFactor: protectedProcedure
    .input(passwordSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => disableTwoFactor({ ctx: ctx.domain, input })),
});
