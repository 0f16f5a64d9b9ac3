import { z } from "zod";
import type { Role } from "../role.ts";

/** What a key may do: look at everything; start and cancel runs; change what people keep about findings. */
export const apiScopes = ["read", "run", "write"] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The role that a member needs for what a scope allows. No scope asks for more than an operator. */
export const roleOfScope: Readonly<Record<ApiScope, Role>> = {
  read: "viewer",
  run: "operator",
  write: "operator",
};

export const longestLifeDays = 365;

export const createApiKeySchema = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(apiScopes)).min(1).max(apiScopes.length),
  days: z.int().min(1).max(longestLifeDays),
});
export type CreateApiKey = z.output<typeof createApiKeySchema>;

/** The secret, this once. */
export const createdApiKeySchema = z.object({ id: z.uuid(), secret: z.string() });

export const apiKeyViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** how the secret begins */
  prefix: z.string(),
  scopes: z.array(z.enum(apiScopes)),
  /** what is left of them: its maker may have a lesser role by now */
  scopesNow: z.array(z.enum(apiScopes)),
  madeBy: z.object({ userId: z.string(), name: z.string() }),
  createdAt: z.date(),
  expiresAt: z.date(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  revokedBy: z.string().nullable(),
  state: z.enum(["active", "expired", "revoked"]),
});
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;
