import { oidcProviderId } from "./oidc-provider.ts";

/** The columns of a session that are ours. Nobody sets them from outside. */
export const sessionFields = {
  federated: { type: "boolean", required: false, input: false, defaultValue: false },
  secondFactor: { type: "boolean", required: false, input: false, defaultValue: false },
} as const;

/** How a session begins, by the endpoint that makes it. `trusted`: the provider asks for a second factor itself. */
export function howItBegan(path: string | undefined, trusted: boolean) {
  const federated = path?.startsWith("/callback/") ?? false;
  const byCode = path === "/two-factor/verify-totp" || path === "/two-factor/verify-backup-code";
  return { federated, secondFactor: byCode || (federated && trusted) };
}

/**
 * A provider's tokens are of no use here and would be secrets to keep. Of the account, its number alone is kept.
 */
export function withoutTokens<T extends { providerId?: unknown }>(account: T): T {
  if (account.providerId !== oidcProviderId) return account;
  return { ...account, accessToken: null, refreshToken: null, idToken: null };
}
