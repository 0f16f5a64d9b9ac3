import { z } from "zod";
import { oidcProviderId } from "../sign-in/oidc-provider.ts";
import { cappedRequest } from "./capped-request.ts";
import type { Services } from "./context.ts";
import { isFromOurPages } from "./same-origin.ts";

/** The part of Better Auth that people use. Everything else it offers (sign-up, tokens, updates) stays closed. */
const open = new Set([
  "POST /api/auth/sign-in/email",
  "POST /api/auth/two-factor/verify-totp",
  "POST /api/auth/two-factor/verify-backup-code",
  "POST /api/auth/sign-out",
  "GET /api/auth/get-session",
]);

const beginOidc = "POST /api/auth/sign-in/oidc";
/** A browser comes here from the provider: what it brings fits the state that its own cookie was given, or is refused. */
const endOidc = `GET /api/auth/callback/${oidcProviderId}`;

const maxBodyBytes = 64 << 10;

export async function handleAuth(request: Request, services: Services): Promise<Response> {
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  if (asked === endOidc && services.oidc) return services.auth.handler(request);
  const begins = asked === beginOidc && services.oidc !== null;
  if (!open.has(asked) && !begins) return new Response(null, { status: 404 });
  if (!isFromOurPages(request.headers, services.publicUrl)) return new Response(null, { status: 403 });
  const whole = await cappedRequest(request, maxBodyBytes);
  if (!whole) return new Response(null, { status: 413 });
  return services.auth.handler(begins ? await asSocial(whole) : whole);
}

const beginSchema = z.object({
  next: z
    .string()
    .max(2_000)
    .regex(/^\/(?![/\\])/),
});

/** Of all that the endpoint behind it takes, a page says only where to go afterwards. */
async function asSocial(request: Request): Promise<Request> {
  const { next } = beginSchema.catch({ next: "/" }).parse(await request.json().catch(() => null));
  const body = {
    provider: oidcProviderId,
    callbackURL: next,
    errorCallbackURL: `/sign-in?next=${encodeURIComponent(next)}`,
    disableRedirect: true,
  };
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(new URL("/api/auth/sign-in/social", request.url), {
    ...{ method: "POST", headers, body: JSON.stringify(body) },
  });
}
