import { currentSessionSchema } from "#common/contracts/team.ts";
import { currentSession } from "#server/domain/session/current.ts";
import { publicProcedure, router } from "../trpc.ts";

export const sessionRouter = router({
  current: publicProcedure
    .output(currentSessionSchema)
    .query(({ ctx }) => currentSession({ ctx: ctx.domain })),
});
