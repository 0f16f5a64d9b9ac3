import type { ApiKeyView } from "#common/contracts/api-key.ts";
import { roleCovers } from "#common/role.ts";
import type { ApiKey } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { scopesNow } from "./scopes-now.ts";

const endedShownForMs = 30 * 86_400_000;
const mostShown = 200;

/** The team's keys for an admin, the own ones for anybody else; those that ended lately too. Newest first. */
export async function listApiKeys({ ctx }: { ctx: TeamContext }): Promise<ApiKeyView[]> {
  const since = new Date(ctx.now().getTime() - endedShownForMs);
  const keys = await ctx.db.apiKey.findMany({
    where: {
      teamId: ctx.team.id,
      ...visibleTo(ctx),
      expiresAt: { gt: since },
      OR: [{ revokedAt: null }, { revokedAt: { gt: since } }],
    },
    include: {
      membership: {
        select: {
          role: true,
          clusterRoles: { select: { clusterId: true, role: true } },
          user: { select: { name: true } },
        },
      },
    },
    omit: { secretHash: true },
    orderBy: { id: "desc" },
    take: mostShown,
  });
  return keys.map(({ membership: { role, clusterRoles, user }, ...key }) => {
    const onClusters = new Map(clusterRoles.map((each) => [each.clusterId, each.role]));
    const { granted, now } = scopesNow(key.scopes, { role, clusterRoles: onClusters });
    return { ...toView(key, user.name, ctx.now()), scopes: granted, scopesNow: now };
  });
}

/** The part of a `where` that leaves others' keys out for whoever is no admin. */
export function visibleTo(ctx: TeamContext): { userId?: string } {
  if (roleCovers(ctx.role, "admin")) return {};
  return { userId: ctx.actor.type === "user" ? ctx.actor.userId : "" };
}

function toView(
  key: Omit<ApiKey, "secretHash">,
  maker: string,
  now: Date,
): Omit<ApiKeyView, "scopes" | "scopesNow"> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    madeBy: { userId: key.userId, name: maker },
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    revokedAt: key.revokedAt,
    revokedBy: key.revokedBy,
    state: key.revokedAt ? "revoked" : key.expiresAt <= now ? "expired" : "active",
  };
}
