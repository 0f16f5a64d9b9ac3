import { z } from "zod";
import { parseHttpUrl } from "../http/address.ts";
import { readError } from "../read-error.ts";
import type { Challenge } from "./challenge.ts";

export type RegistryCredential = { username: string; password: string };

/** Where a token is to be asked for, and whether the credential goes along. */
export type TokenRequest = { url: URL; withCredential: boolean };

/**
 * A registry names the place that hands out tokens, and could name any. It has to be https, unless it is the plain-http
 * registry itself; a credential goes to the registry's own domain or to hosts that a person confirmed.
 */
export function tokenRequest(
  challenge: Challenge,
  at: {
    registry: URL;
    repository: string;
    credential: RegistryCredential | undefined;
    confirmedHosts: readonly string[];
    what: string;
  },
): TokenRequest {
  const { registry, what } = at;
  const realm = challenge.params.get("realm") ?? "";
  const url = parseHttpUrl(realm, what);
  const isSameHost = url.hostname === registry.hostname;
  if (url.protocol === "http:" && !(registry.protocol === "http:" && isSameHost)) {
    const sentence = `the registry sends for a token to ${url.origin}, which is not https`;
    throw readError("refused-address", what, "insecure-realm", sentence);
  }
  const isTrusted =
    isSameHost || isSameDomain(registry.hostname, url.hostname) || at.confirmedHosts.includes(url.hostname);
  if (at.credential && !isTrusted) {
    const sentence = `the registry wants the credential sent to ${url.hostname}, which is not its own domain; confirm that host first`;
    throw readError("refused-address", what, "foreign-realm", sentence);
  }
  const service = challenge.params.get("service");
  if (service) url.searchParams.set("service", service);
  // What we need and no more, whatever the challenge says.
  url.searchParams.set("scope", `repository:${at.repository}:pull`);
  return { url, withCredential: at.credential !== undefined };
}

/** registry.example.com and auth.example.com; never by a public ending alone, such as co.uk. */
function isSameDomain(registry: string, realm: string): boolean {
  const labels = registry.split(".");
  if (/^[\d.]+$|:/.test(registry) || labels.length < 3) return realm.endsWith(`.${registry}`);
  const parent = labels.slice(1).join(".");
  const isPublic = labels.length === 3 && (labels[1]?.length ?? 0) <= 3 && (labels[2]?.length ?? 0) === 2;
  return realm.endsWith(`.${registry}`) || (!isPublic && (realm === parent || realm.endsWith(`.${parent}`)));
}

const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

export function tokenOf(text: string, what: string): string {
  const token = parsed(text);
  if (token !== undefined && /^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  throw readError("malformed", what, "no-token", "the token server's answer holds no token");
}

function parsed(text: string): string | undefined {
  try {
    const answer = tokenAnswer.parse(JSON.parse(text));
    return answer.token ?? answer.access_token;
  } catch {
    return undefined;
  }
}
