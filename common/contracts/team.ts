import { z } from "zod";
import { roles } from "../role.ts";
import { locales } from "../text.ts";
import { newPasswordSchema } from "./account.ts";
import { slugSchema } from "./cluster.ts";

export const roleSchema = z.enum(roles);

export const currentSessionSchema = z.object({
  user: z
    .object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      /** what the profile says; null: never chosen */
      locale: z.enum(locales).nullable(),
    })
    .nullable(),
  teams: z.array(
    z.object({
      slug: z.string(),
      name: z.string(),
      role: roleSchema,
      /** it asks for a second factor, and this session began without */
      locked: z.boolean(),
    }),
  ),
  /** whoever owns the team the instance was set up with */
  mayCreateTeam: z.boolean(),
});
export type CurrentSession = z.infer<typeof currentSessionSchema>;

export const invitationViewSchema = z.object({
  teamName: z.string(),
  role: roleSchema,
  /** the address it is bound to, if any */
  email: z.string().nullable(),
  firstAccount: z.boolean(),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

export const acceptInvitationSchema = z.object({
  token: z.string(),
  name: z.string().trim().min(1).max(80),
  email: z.email().max(254),
  password: newPasswordSchema,
});

export const memberSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  joinedAt: z.date(),
});
export type Member = z.infer<typeof memberSchema>;

export const teamViewSchema = z.object({
  slug: z.string(),
  name: z.string(),
  requireTwoFactor: z.boolean(),
  role: roleSchema,
  members: z.array(memberSchema),
  invitations: z.array(
    z.object({
      id: z.uuid(),
      role: roleSchema,
      email: z.string().nullable(),
      createdAt: z.date(),
      expiresAt: z.date(),
    }),
  ),
});
export type TeamView = z.infer<typeof teamViewSchema>;

/** `role: null` takes the exception away: on that cluster, too, the role in the team holds. */
export const setClusterRoleSchema = z.object({
  userId: z.string(),
  cluster: slugSchema,
  role: roleSchema.exclude(["owner"]).nullable(),
});

/** Where members are something else than in the team. */
export const clusterRolesSchema = z.array(
  z.object({ userId: z.string(), cluster: z.string(), role: roleSchema }),
);
export type ClusterRoles = z.infer<typeof clusterRolesSchema>;

export const profileSchema = z.object({ name: z.string().trim().min(1).max(80), locale: z.enum(locales) });

export const renameTeamSchema = z.object({ name: z.string().trim().min(1).max(80) });

/** `email` binds the link to that address. */
export const inviteSchema = z.object({ role: roleSchema, email: z.email().max(254).optional() });
