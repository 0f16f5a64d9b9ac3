import { z } from "zod";
import { profileSchema } from "#common/contracts/team.ts";
import { updateProfile } from "#server/domain/profile/update.ts";
import { protectedProcedure, router } from "../trpc.ts";

export const profileRouter = router({
  update: protectedProcedure
    .input(profileSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => updateProfile({ ctx: ctx.domain, input })),
});
