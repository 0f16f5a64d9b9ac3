import type { ApiContext } from "./context.ts";

/** Signs a new account in by the same way as the form does, and hands its cookie to the answer. */
export async function signIn(ctx: ApiContext, account: { email: string; password: string }): Promise<void> {
  const { headers } = await ctx.services.auth.api.signInEmail({
    body: account,
    headers: ctx.headers,
    returnHeaders: true,
  });
  for (const cookie of headers.getSetCookie()) ctx.responseHeaders?.append("set-cookie", cookie);
}
