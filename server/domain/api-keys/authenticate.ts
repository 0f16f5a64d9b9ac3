import { type ApiScope, roleOfScope } from "#common/contracts/api-key.ts";
import { type Role, roleCovers } from "#common/role.ts";
import { AppError } from "#server/errors.ts";
import type { DomainContext, TeamContext } from "../context.ts";
import { resolveTeam } from "../team/resolve.ts";
import { scopesNow } from "./scopes-now.ts";
import { hashApiSecret, looksLikeApiSecret } from "./secret.ts";

/** Who asks with a key: the member it acts for, never above that member's role of this moment nor above its scopes. */
export type KeyHolder = {
  team: TeamContext;
  key: { id: string; name: string; expiresAt: Date };
  /** what the key was made for, and what of that its maker still may */
  scopes: { granted: ApiScope[]; now: ApiScope[] };
};

/** Finds who a secret stands for; unknown, revoked and expired ones are all refused in the same words. */
export async function authenticateKey(ctx: DomainContext, secret: string): Promise<KeyHolder> {
  const key = looksLikeApiSecret(secret) ? await findKey(ctx, hashApiSecret(secret)) : null;
  if (!key || key.revokedAt !== null || key.expiresAt <= ctx.now()) throw refused();
  const { user, team } = key.membership;
  // By the same way as a person: whatever narrows what a member may see narrows it for the member's keys.
  const maker = await resolveTeam({
    ctx: { ...ctx, actor: { type: "user", userId: user.id, name: user.name, email: user.email } },
    input: { team: team.slug },
  }).catch((error: unknown) => {
    throw error instanceof AppError ? refused() : error;
  });
  const scopes = scopesNow(key.scopes, maker);
  const actor = { type: "key", keyId: key.id, userId: user.id, name: `${key.name} (${user.name})` } as const;
  return {
    team: { ...maker, actor, ...withinScopes(maker, scopes.granted) },
    key: { id: key.id, name: key.name, expiresAt: key.expiresAt },
    scopes,
  };
}

/** Throws unless the key has `scope` and its maker still has a role that covers it. */
export function requireScope({ scopes }: KeyHolder, scope: ApiScope): void {
  if (!scopes.granted.includes(scope)) {
    throw new AppError("forbidden", "api-key-scope-missing", { values: { scope } });
  }
  if (!scopes.now.includes(scope)) throw new AppError("forbidden", "api-key-narrowed", { values: { scope } });
}

function findKey(ctx: DomainContext, secretHash: string) {
  return ctx.db.apiKey.findUnique({
    where: { secretHash },
    include: {
      membership: {
        select: {
          user: { select: { id: true, name: true, email: true } },
          team: { select: { slug: true } },
        },
      },
    },
  });
}

function refused(): AppError {
  return new AppError("unauthenticated", "api-key-refused");
}

function roleOf(scopes: readonly ApiScope[]): Role {
  return scopes.map((scope) => roleOfScope[scope]).reduce((a, b) => (roleCovers(a, b) ? a : b), "viewer");
}

/** The maker's roles, in the team and on its clusters, none above what the scopes are for. */
function withinScopes(maker: TeamContext, scopes: readonly ApiScope[]) {
  const most = roleOf(scopes);
  // An owner is one on every cluster, whatever is noted there.
  const onClusters = maker.role === "owner" ? [] : (maker.clusterRoles ?? []);
  return {
    role: lesser(maker.role, most),
    clusterRoles: new Map([...onClusters].map(([clusterId, role]) => [clusterId, lesser(role, most)])),
  };
}

function lesser(a: Role, b: Role): Role {
  return roleCovers(a, b) ? b : a;
}
