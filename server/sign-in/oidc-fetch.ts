import { parseRanges } from "../connectors/address.ts";
import { createDialler, type Endpoint } from "../connectors/dialler.ts";
import { createGuardedFetch, type GuardedFetch } from "../connectors/oidc/guarded-fetch.ts";

const loopbackAndPrivate = [
  ...["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"],
];

/**
 * Where the provider's answers come from. Whoever named the issuer in the environment meant that very server, so it may
 * be a private one; what the issuer then names (keys, tokens) may not, and nothing may be our database or link-local.
 */
export function createOidcFetch(
  issuer: string,
  { allowedRanges, forbidden }: { allowedRanges: string; forbidden: readonly Endpoint[] },
): GuardedFetch {
  const { hostname, port, protocol } = new URL(issuer);
  const own = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
  const usual = createDialler({ allowedRanges: parseRanges(allowedRanges), forbidden });
  const meant = createDialler({ allowedRanges: loopbackAndPrivate, forbidden });
  return createGuardedFetch(({ host, port: to }) => (host === own.host && to === own.port ? meant : usual));
}
