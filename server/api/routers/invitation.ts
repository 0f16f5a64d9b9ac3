import { z } from "zod";
import { acceptInvitationSchema, invitationViewSchema } from "#common/contracts/team.ts";
import { acceptInvitation } from "#server/domain/invitations/accept.ts";
import { readInvitation } from "#server/domain/invitations/read.ts";
import { signIn } from "../sign-in.ts";
import { publicProcedure, router } from "../trpc.ts";

export const invitationRouter = router({
  read: publicProcedure
    .input(acceptInvitationSchema.pick({ token: true }))
    .output(invitationViewSchema)
    .query(({ ctx, input }) => readInvitation({ ctx: ctx.domain, input })),

  /** Somebody signed in joins with that account and needs only the token; anybody else makes an account. */
  accept: publicProcedure
    .input(acceptInvitationSchema.partial().required({ token: true }))
    .output(z.object({ team: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { team, account } = await acceptInvitation({ ctx: ctx.domain, input });
      if (account) await signIn(ctx, account);
      return { team };
    }),
});
