import { cappedRequest } from "./capped-request.ts";
import type { Services } from "./context.ts";
import { isFromOurPages } from "./same-origin.ts";

/** The part of Better Auth that people use. Everything else it offers (sign-up, tokens, updates) stays closed. */
const open = new Set([
  "POST /api/auth/sign-in/email",
  "POST /api/auth/sign-out",
  "GET /api/auth/get-session",
]);

const maxBodyBytes = 64 << 10;

export async function handleAuth(request: Request, services: Services): Promise<Response> {
  if (!open.has(`${request.method} ${new URL(request.url).pathname}`)) {
    return new Response(null, { status: 404 });
  }
  if (!isFromOurPages(request.headers, services.publicUrl)) return new Response(null, { status: 403 });
  const whole = await cappedRequest(request, maxBodyBytes);
  return whole ? services.auth.handler(whole) : new Response(null, { status: 413 });
}
