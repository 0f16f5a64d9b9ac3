/** Signing in and out are plain requests to the session endpoints; the cookie they set is not readable here. */

async function post(path: string, body: object): Promise<Response> {
  return fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/**
 * `refused`: this address and password do not belong together, and which of them is wrong is not said. `code`: they
 * do, and a code is asked for as well. `expired`: too late or too often for this sign-in, which begins anew.
 */
export type SignInOutcome = "done" | "code" | "refused" | "expired" | "too-many" | "unreachable";

export async function signIn(account: { email: string; password: string }): Promise<SignInOutcome> {
  const response = await post("sign-in/email", account).catch(() => null);
  if (!response?.ok) return outcomeOf(response);
  const answer = (await response.json().catch(() => null)) as { twoFactorRedirect?: boolean } | null;
  return answer?.twoFactorRedirect ? "code" : "done";
}

export async function sendCode(code: string, backup: boolean): Promise<SignInOutcome> {
  const path = backup ? "two-factor/verify-backup-code" : "two-factor/verify-totp";
  const response = await post(path, { code }).catch(() => null);
  if (response?.ok) return "done";
  const answer = (await response?.json().catch(() => null)) as { code?: string } | null;
  const over = ["INVALID_TWO_FACTOR_COOKIE", "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"];
  return over.includes(answer?.code ?? "") ? "expired" : outcomeOf(response);
}

function outcomeOf(response: Response | null) {
  if (response?.status === 429) return "too-many";
  return response && response.status < 500 ? "refused" : "unreachable";
}

/** The identity provider's address for this sign-in; null where it cannot be had. */
export async function beginOidc(next: string): Promise<string | null> {
  const response = await post("sign-in/oidc", { next }).catch(() => null);
  if (!response?.ok) return null;
  const answer = (await response.json().catch(() => null)) as { url?: string } | null;
  return answer?.url ?? null;
}

export async function signOut(): Promise<void> {
  await post("sign-out", {});
}
