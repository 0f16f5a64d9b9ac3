import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { GuardedFetch } from "./connectors/oidc/guarded-fetch.ts";
import type { Database } from "./db.ts";
import { auditSignIn } from "./sign-in/audit.ts";
import { mayTrySignIn } from "./sign-in/limit.ts";
import { createOidcPolicy } from "./sign-in/oidc-policy.ts";
import { createOidcProvider, oidcProviderId } from "./sign-in/oidc-provider.ts";
import type { OidcSettings } from "./sign-in/oidc-settings.ts";
import { howItBegan, sessionFields, withoutTokens } from "./sign-in/session-fields.ts";

const minuteS = 60;
const dayS = 24 * 60 * minuteS;

/** Loopback has several names; whoever runs Weekbook locally may use any of them, on the same port only. */
export function trustedOrigins(publicUrl: string): string[] {
  const url = new URL(publicUrl);
  const loopback = ["localhost", "127.0.0.1", "[::1]"];
  if (!loopback.includes(url.hostname)) return [url.origin];
  return loopback.map((host) => new URL(`${url.protocol}//${host}${url.port ? `:${url.port}` : ""}`).origin);
}

export type Oidc = { settings: OidcSettings; fetch: GuardedFetch };
export type AuthOptions = { db: Database; publicUrl: string; secret: string; oidc?: Oidc | null };

/**
 * Sign-in by email and password or by an identity provider, sessions in the database. Accounts come from invitations,
 * or from what the instance's environment says of the provider's people.
 */
export function createAuth({ db, publicUrl, secret, oidc = null }: AuthOptions) {
  const provider = oidc && createOidcProvider(oidc.settings, oidc.fetch);
  const policy = oidc && createOidcPolicy(db, oidc.settings);
  const asksItself = oidc?.settings.secondFactor ?? false;
  return betterAuth({
    appName: "Weekbook",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    trustedOrigins: trustedOrigins(publicUrl),
    telemetry: { enabled: false },
    logger: { level: "error" },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: 12,
      maxPasswordLength: 128,
    },
    user: { validateUserInfo: async (asked) => policy?.check(asked) },
    session: {
      expiresIn: 30 * dayS,
      // As exact as "last seen" is.
      updateAge: 10 * minuteS,
      cookieCache: { enabled: false },
      additionalFields: sessionFields,
    },
    account: {
      // An address makes nobody the owner of an account, unless the provider has checked it and the instance says so.
      accountLinking: {
        enabled: oidc?.settings.linkByEmail ?? false,
        requireLocalEmailVerified: false,
        trustedProviders: [],
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, at) => ({ data: { ...session, ...howItBegan(at?.path, asksItself) } }),
          after: async ({ userId }, at) => {
            if (at?.path?.startsWith("/callback/")) await policy?.join(userId);
          },
        },
      },
      account: {
        create: {
          before: async (account) => ({ data: withoutTokens(account) }),
          after: async ({ userId, providerId }) => {
            if (providerId === oidcProviderId) await leaveToProvider(db, userId);
          },
        },
        update: { before: async (account) => ({ data: withoutTokens(account) }) },
      },
    },
    plugins: [
      twoFactor({ issuer: "Weekbook" }),
      {
        id: "weekbook-oidc",
        init: ({ socialProviders }) => ({
          context: { socialProviders: provider ? [provider, ...socialProviders] : socialProviders },
        }),
      },
    ],
    rateLimit: {
      enabled: true,
      storage: "database",
      window: minuteS,
      max: 300,
      customRules: {
        "/sign-in/email": { window: minuteS, max: 5 },
        "/two-factor/*": { window: minuteS, max: 10 },
      },
    },
    hooks: {
      after: auditSignIn(db),
      before: createAuthMiddleware(async ({ path, body }) => {
        // No device is trusted for longer than its session.
        if (path.startsWith("/two-factor/") && body?.trustDevice) throw new APIError("BAD_REQUEST");
        if (path !== "/sign-in/email" || typeof body?.email !== "string") return;
        if (!(await mayTrySignIn(db, body.email, new Date()))) {
          throw new APIError("TOO_MANY_REQUESTS", { message: "Too many attempts to sign in" });
        }
      }),
    },
    advanced: {
      cookiePrefix: "weekbook",
      useSecureCookies: new URL(publicUrl).protocol === "https:",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
    },
  });
}

/**
 * An account that a provider's person takes over by a checked address has had no owner who was checked: whoever chose
 * its password loses the password and every session with it.
 */
async function leaveToProvider(db: Database, userId: string): Promise<void> {
  await db.account.deleteMany({ where: { userId, providerId: "credential" } });
  await db.session.deleteMany({ where: { userId } });
}

export type Auth = ReturnType<typeof createAuth>;
