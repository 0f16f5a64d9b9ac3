import { z } from "zod";
import {
  clusterRolesSchema,
  inviteSchema,
  renameTeamSchema,
  roleSchema,
  setClusterRoleSchema,
  teamViewSchema,
} from "#common/contracts/team.ts";
import { makeResetLink } from "#server/domain/password-resets/make.ts";
import { listClusterRoles } from "#server/domain/team/cluster-roles.ts";
import { createTeam } from "#server/domain/team/create.ts";
import { getTeam } from "#server/domain/team/get.ts";
import { invite } from "#server/domain/team/invite.ts";
import { leaveTeam } from "#server/domain/team/leave.ts";
import { removeMember } from "#server/domain/team/remove-member.ts";
import { renameTeam } from "#server/domain/team/rename.ts";
import { requireTwoFactor } from "#server/domain/team/require-two-factor.ts";
import { revokeInvitation } from "#server/domain/team/revoke-invitation.ts";
import { setClusterRole } from "#server/domain/team/set-cluster-role.ts";
import { setRole } from "#server/domain/team/set-role.ts";
import { protectedProcedure, router, teamProcedure } from "../trpc.ts";

export const teamRouter = router({
  get: teamProcedure("viewer")
    .output(teamViewSchema)
    .query(({ ctx }) => getTeam({ ctx: ctx.team })),

  /** By who owns the instance, whatever team the page is of. */
  create: protectedProcedure
    .input(renameTeamSchema)
    .output(z.object({ team: z.string() }))
    .mutation(({ ctx, input }) => createTeam({ ctx: ctx.domain, input })),

  leave: teamProcedure("viewer")
    .output(z.void())
    .mutation(({ ctx }) => leaveTeam({ ctx: ctx.team })),

  requireTwoFactor: teamProcedure("owner")
    .input(z.object({ required: z.boolean() }))
    .output(z.void())
    .mutation(({ ctx, input }) => requireTwoFactor({ ctx: ctx.team, input })),

  resetPassword: teamProcedure("admin")
    .input(z.object({ userId: z.string() }))
    .output(z.object({ url: z.url() }))
    .mutation(async ({ ctx, input }) => {
      const { token } = await makeResetLink({ ctx: ctx.team, input });
      return { url: new URL(`/reset/${token}`, ctx.services.publicUrl).href };
    }),

  rename: teamProcedure("owner")
    .input(renameTeamSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => renameTeam({ ctx: ctx.team, input })),

  invite: teamProcedure("admin")
    .input(inviteSchema)
    .output(z.object({ url: z.url() }))
    .mutation(async ({ ctx, input }) => {
      const { token } = await invite({ ctx: ctx.team, input });
      return { url: new URL(`/join/${token}`, ctx.services.publicUrl).href };
    }),

  revokeInvitation: teamProcedure("admin")
    .input(z.object({ invitationId: z.uuid() }))
    .output(z.void())
    .mutation(({ ctx, input }) => revokeInvitation({ ctx: ctx.team, input })),

  setRole: teamProcedure("admin")
    .input(z.object({ userId: z.string(), role: roleSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => setRole({ ctx: ctx.team, input })),

  clusterRoles: teamProcedure("viewer")
    .output(clusterRolesSchema)
    .query(({ ctx }) => listClusterRoles({ ctx: ctx.team })),

  setClusterRole: teamProcedure("admin")
    .input(setClusterRoleSchema)
    .output(z.void())
    .mutation(({ ctx, input }) => setClusterRole({ ctx: ctx.team, input })),

  removeMember: teamProcedure("admin")
    .input(z.object({ userId: z.string() }))
    .output(z.void())
    .mutation(({ ctx, input }) => removeMember({ ctx: ctx.team, input })),
});
