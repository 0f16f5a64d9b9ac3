import { createHash, randomBytes } from "node:crypto";

const mark = "wbk_";
const shownLength = mark.length + 8;
const form = /^wbk_[A-Za-z0-9_-]{43}$/;

/** A new secret of 256 random bits. The mark lets scanners of repositories find one that was left behind. */
export function newApiSecret(): { secret: string; secretHash: string; prefix: string } {
  const secret = `${mark}${randomBytes(32).toString("base64url")}`;
  return { secret, secretHash: hashApiSecret(secret), prefix: secret.slice(0, shownLength) };
}

/** Plain SHA-256 is enough for what cannot be guessed; a slow hash protects what people choose. */
export function hashApiSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** What cannot be a secret of ours need not be looked up. */
export function looksLikeApiSecret(text: string): boolean {
  return form.test(text);
}
