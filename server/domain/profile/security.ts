import type { AccountSecurity } from "#common/contracts/account.ts";
import { browserOf } from "#common/user-agent.ts";
import type { DomainContext } from "../context.ts";
import { me } from "./me.ts";

const mostSessions = 100;

/** How somebody signs in, and where they are signed in now: the newest activity first, this session marked. */
export async function accountSecurity({ ctx }: { ctx: DomainContext }): Promise<AccountSecurity> {
  const { userId, sessionId } = me(ctx);
  const [user, accounts, sessions] = await Promise.all([
    ctx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { twoFactorEnabled: true } }),
    ctx.db.account.findMany({ where: { userId }, select: { providerId: true } }),
    ctx.db.session.findMany({
      where: { userId, expiresAt: { gt: ctx.now() } },
      orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
      take: mostSessions,
    }),
  ]);
  return {
    hasPassword: accounts.some(({ providerId }) => providerId === "credential"),
    twoFactor: user.twoFactorEnabled,
    sessions: sessions.map(({ id, userAgent, ipAddress, federated, createdAt, updatedAt }) => ({
      ...{ id, federated, createdAt, lastSeenAt: updatedAt },
      ...{ current: id === sessionId, browser: browserOf(userAgent ?? ""), address: ipAddress || null },
    })),
  };
}
