import { getOAuthState } from "better-auth/api";
import type { Role } from "#common/role.ts";
import type { Database } from "../db.ts";
import { hashInvitationToken } from "../domain/invitations/token.ts";
import { oidcProviderId } from "./oidc-provider.ts";
import { grantsOf, type OidcSettings } from "./oidc-settings.ts";

/** Why the provider's word was not enough: words for each in messages/<locale>/auth.json, below `oidcError`. */
type Refusal = "email_not_verified" | "domain_not_allowed" | "no_invitation";

type Asked = {
  user: { email?: string | null | undefined; emailVerified?: boolean | undefined };
  source: {
    action: "create-user" | "link-account" | "sign-in";
    oauth?: { providerId: string; profile?: Record<string, unknown> | undefined } | undefined;
  };
};

/** What the configured rules give to who signs in, between the check and the session that is made after it. */
export type OidcPolicy = {
  check: (asked: Asked) => Promise<{ error: Refusal } | undefined>;
  /** puts the person into the teams the rules name; roles that are there already stay as they are */
  join: (userId: string) => Promise<void>;
};

export function createOidcPolicy(db: Database, settings: OidcSettings): OidcPolicy {
  const grants = new Map<string, Map<string, Role>>();

  async function refusalOf({ user, source }: Asked): Promise<Refusal | undefined> {
    const domain = user.email?.split("@").at(-1)?.toLowerCase() ?? "";
    const isKnown = source.action === "sign-in";
    // Who is known is known by the provider's own number for the person; an address alone proves nothing.
    if (!user.emailVerified && (!isKnown || settings.domains.length > 0)) return "email_not_verified";
    if (settings.domains.length > 0 && !settings.domains.includes(domain)) return "domain_not_allowed";
    if (source.action !== "create-user") return undefined;
    if (await opensTeam(grantsOf(settings, source.oauth?.profile ?? {}))) return undefined;
    return (await isInvited(user.email ?? "")) ? undefined : "no_invitation";
  }

  async function opensTeam(given: Map<string, Role>): Promise<boolean> {
    return (await db.team.count({ where: { slug: { in: [...given.keys()] } } })) > 0;
  }

  /** The page to come back to is that of an open invitation, for this address or for anybody. */
  async function isInvited(email: string): Promise<boolean> {
    const token = /^\/join\/([\w-]+)$/.exec((await getOAuthState())?.callbackURL ?? "")?.[1];
    if (!token) return false;
    const invitation = await db.invitation.findFirst({
      where: { tokenHash: hashInvitationToken(token), usedAt: null, expiresAt: { gt: new Date() } },
      select: { email: true },
    });
    return invitation !== null && (invitation.email === null || invitation.email === email.toLowerCase());
  }

  return {
    async check(asked) {
      const { oauth } = asked.source;
      if (oauth?.providerId !== oidcProviderId) return undefined;
      const refusal = await refusalOf(asked);
      if (refusal) return { error: refusal };
      const subject = oauth.profile?.sub;
      const given = grantsOf(settings, oauth.profile ?? {});
      if (typeof subject === "string" && given.size > 0) grants.set(`${settings.issuer}|${subject}`, given);
      return undefined;
    },
    async join(userId) {
      const accounts = await db.account.findMany({ where: { userId, providerId: oidcProviderId } });
      for (const { accountId } of accounts) {
        const given = grants.get(accountId) ?? new Map<string, Role>();
        grants.delete(accountId);
        const teams = await db.team.findMany({ where: { slug: { in: [...given.keys()] } } });
        const data = teams.map(({ id: teamId, slug }) => ({
          teamId,
          userId,
          role: given.get(slug) ?? "viewer",
        }));
        await db.membership.createMany({ data, skipDuplicates: true });
      }
    },
  };
}
