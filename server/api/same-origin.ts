import { trustedOrigins } from "../auth.ts";

/**
 * Whether a browser's own headers say that the request comes from our pages. Needed beside the cookie's SameSite:
 * a form of a sibling site may post text/plain or multipart, and tRPC runs a mutation that takes no input from it.
 * A request without either header is no browser's, carries no ambient cookie of one, and passes.
 */
export function isFromOurPages(headers: Headers, publicUrl: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  // A page without a referrer may send "null"; that the browser calls it same-origin is enough then.
  if (origin === "null") return site === "same-origin";
  return origin === null || trustedOrigins(publicUrl).includes(origin);
}
