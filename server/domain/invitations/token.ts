import { createHash, randomBytes } from "node:crypto";

/** A link's secret. Only its hash is stored, so that a copy of the database opens no door. */
export function newInvitationToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashInvitationToken(token) };
}

export function hashInvitationToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
