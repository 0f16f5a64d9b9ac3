import { APIError, createAuthMiddleware } from "better-auth/api";
import type { Database } from "../db.ts";
import { recordAudit } from "../domain/audit/record.ts";

const nobody = { type: "nobody" } as const;
/** The ways in, as the record calls them. Elsewhere a session may be made anew for who is signed in already. */
const waysIn: Record<string, string> = {
  "/sign-in/email": "password",
  "/two-factor/verify-totp": "code",
  "/two-factor/verify-backup-code": "backup code",
  "/callback/:id": "identity provider",
};

/**
 * After each request: who signed in, and whose password was tried in vain. An address that has no account is not
 * written down, since people type passwords into the wrong field.
 */
export function auditSignIn(db: Database) {
  return createAuthMiddleware(async ({ path, body, context: { newSession, session, returned } }) => {
    const by = waysIn[path];
    if (newSession && by) {
      const { id: userId, name, email } = newSession.user;
      const isPassword = path === "/sign-in/email";
      // The password alone was right; the session goes again until the second factor was.
      if (isPassword && "twoFactorEnabled" in newSession.user && newSession.user.twoFactorEnabled) return;
      // The first right code of somebody who is in already.
      if (path.startsWith("/two-factor/") && session) return;
      const entry = {
        action: "account.signedIn",
        subject: { kind: "account", id: userId, name },
        details: { by },
      } as const;
      const actor = { type: "user", userId, name, email } as const;
      await db.$transaction((tx) => recordAudit(tx, { actor }, entry));
    } else if (path === "/sign-in/email" && returned instanceof APIError && typeof body?.email === "string") {
      await recordFailure(db, body.email);
    }
  });
}

async function recordFailure(db: Database, typed: string): Promise<void> {
  const user = await db.user.findUnique({ where: { email: typed.toLowerCase() } });
  if (!user) return;
  const subject = { kind: "account", id: user.id, name: user.name } as const;
  await db.$transaction((tx) =>
    recordAudit(tx, { actor: nobody }, { action: "account.signInFailed", subject }),
  );
}
