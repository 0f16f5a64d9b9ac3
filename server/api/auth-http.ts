import type { Services } from "./context.ts";
import { isFromOurPages } from "./same-origin.ts";

/** The part of Better Auth that people use. Everything else it offers (sign-up, tokens, updates) stays closed. */
const open = new Set([
  "POST /api/auth/sign-in/email",
  "POST /api/auth/sign-out",
  "GET /api/auth/get-session",
]);

export async function handleAuth(request: Request, services: Services): Promise<Response> {
  if (!open.has(`${request.method} ${new URL(request.url).pathname}`)) {
    return new Response(null, { status: 404 });
  }
  if (!isFromOurPages(request.headers, services.publicUrl)) return new Response(null, { status: 403 });
  return services.auth.handler(request);
}
