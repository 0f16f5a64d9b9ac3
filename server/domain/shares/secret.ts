import { createHash, randomBytes } from "node:crypto";

/** A link's secret, 256 random bits. Only its hash is stored, so that a copy of the database opens no link. */
export function newShareToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashShareToken(token) };
}

export function hashShareToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
