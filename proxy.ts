import { type NextRequest, NextResponse } from "next/server";
import {
  contentSecurityPolicy,
  securityHeaders,
  sharedPageHeaders,
} from "#server/api/content-security-policy.ts";

/** Security headers of every answer. Who may see what is decided in each procedure, never here. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, { development: process.env.NODE_ENV === "development" });
  const headers = new Headers(request.headers);
  // Next reads the nonce for its own scripts from the request's policy; ours read it from x-nonce.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  if (request.nextUrl.pathname.startsWith("/share/")) {
    for (const [name, value] of Object.entries(sharedPageHeaders)) response.headers.set(name, value);
  }
  return response;
}

export const config = { matcher: "/((?!_next/static/|livez$).*)" };
