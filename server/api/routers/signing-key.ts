import { z } from "zod";
import { signingKeysSchema } from "#common/contracts/bundle.ts";
import { listSigningKeys } from "#server/domain/signing-keys/list.ts";
import { replaceSigningKey } from "#server/domain/signing-keys/replace.ts";
import { protectedProcedure, router, teamProcedure } from "../trpc.ts";

export const signingKeyRouter = router({
  list: teamProcedure("viewer")
    .output(signingKeysSchema)
    .query(({ ctx }) => listSigningKeys({ ctx: ctx.team })),

  replace: protectedProcedure.output(z.void()).mutation(({ ctx }) => replaceSigningKey({ ctx: ctx.domain })),
});
