/** Signing in and out are plain requests to the session endpoints; the cookie they set is not readable here. */

async function post(path: string, body: object): Promise<Response> {
  return fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** `refused`: this address and password do not belong together, and which of them is wrong is not said. */
export async function signIn(account: {
  email: string;
  password: string;
}): Promise<"done" | "refused" | "too-many" | "unreachable"> {
  const response = await post("sign-in/email", account).catch(() => null);
  if (response?.ok) return "done";
  if (response?.status === 429) return "too-many";
  return response && response.status < 500 ? "refused" : "unreachable";
}

export async function signOut(): Promise<void> {
  await post("sign-out", {});
}
