import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware } from "better-auth/api";
import type { Database } from "./db.ts";
import { mayTrySignIn } from "./sign-in-limit.ts";

const minuteS = 60;
const dayS = 24 * 60 * minuteS;

/** Loopback has several names; whoever runs Weekbook locally may use any of them, on the same port only. */
export function trustedOrigins(publicUrl: string): string[] {
  const url = new URL(publicUrl);
  const loopback = ["localhost", "127.0.0.1", "[::1]"];
  if (!loopback.includes(url.hostname)) return [url.origin];
  return loopback.map((host) => new URL(`${url.protocol}//${host}${url.port ? `:${url.port}` : ""}`).origin);
}

export type AuthOptions = { db: Database; publicUrl: string; secret: string };

/** Sign-in by email and password, sessions in the database. Accounts come from invitations only. */
export function createAuth({ db, publicUrl, secret }: AuthOptions) {
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
    session: { expiresIn: 30 * dayS, updateAge: dayS, cookieCache: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: minuteS,
      max: 300,
      customRules: { "/sign-in/email": { window: minuteS, max: 5 } },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
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

export type Auth = ReturnType<typeof createAuth>;
