import {
  authorizationCodeRequest,
  createAuthorizationURL,
  getOAuth2Tokens,
  type OAuthProvider,
} from "@better-auth/core/oauth2";
import { createRemoteJWKSet, customFetch, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import type { GuardedFetch } from "../connectors/oidc/guarded-fetch.ts";
import type { OidcSettings } from "./oidc-settings.ts";

export const oidcProviderId = "oidc";

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});
type Discovered = z.output<typeof discoverySchema> & { keys: JWTVerifyGetKey };

/** Signed by the provider's own key: a shared secret or no signature at all proves nothing here. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const discoveredForMs = 60 * 60_000;

/**
 * The identity provider, for Better Auth's own flow, which adds state, PKCE and nonce. It is asked about itself at the
 * first sign-in and hourly, not at our start: a provider that is down then is no reason to do without it for ever.
 */
export function createOidcProvider(settings: OidcSettings, fetch: GuardedFetch): OAuthProvider<JWTPayload> {
  const discover = createDiscovery(settings, fetch);
  const options = { clientId: settings.clientId, clientSecret: settings.clientSecret };
  return {
    id: oidcProviderId,
    name: settings.name,
    issuer: settings.issuer,
    requiresIdTokenNonce: true,
    // Another provider's "42" is another person.
    accountSubject: ({ profile }) => `${settings.issuer}|${profile.sub}`,
    options: { disableIdTokenSignIn: true },
    async createAuthorizationURL({ state, codeVerifier, redirectURI, idTokenNonce }) {
      const { authorization_endpoint: authorizationEndpoint } = await discover();
      return createAuthorizationURL({
        ...{ id: oidcProviderId, options, authorizationEndpoint, state, codeVerifier, redirectURI },
        ...{ scopes: settings.scopes, nonce: idTokenNonce },
      });
    },
    async validateAuthorizationCode({ code, codeVerifier, redirectURI }) {
      const { token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: methods } =
        await discover();
      const basic = settings.clientSecret !== undefined && !methods?.includes("client_secret_post");
      const { body, headers } = await authorizationCodeRequest({
        ...{ code, codeVerifier, redirectURI, options, tokenEndpoint },
        authentication: basic ? "basic" : "post",
      });
      const answer = await fetch(tokenEndpoint, { method: "POST", headers, body: String(body) });
      if (!answer.ok) throw new Error(`the provider's token endpoint answered ${answer.status}`);
      return getOAuth2Tokens((await answer.json()) as Record<string, unknown>);
    },
    async getUserInfo({ idToken, accessToken, expectedIdTokenNonce }) {
      const discovered = await discover();
      if (!idToken || !expectedIdTokenNonce) return null;
      const signed = await verified(idToken, { settings, discovered, nonce: expectedIdTokenNonce });
      const claims = {
        ...(await userInfo(discovered, { fetch, accessToken, subject: signed.sub })),
        ...signed,
      };
      const { email, email_verified: isVerified, name, preferred_username: handle } = claims;
      const address = typeof email === "string" ? email.toLowerCase() : null;
      const named = [name, handle, address].find((one) => typeof one === "string" && one.trim() !== "");
      return {
        user: { email: address, emailVerified: isVerified === true, name: String(named ?? "").slice(0, 80) },
        data: claims,
      };
    },
  };
}

function createDiscovery({ issuer }: OidcSettings, fetch: GuardedFetch): () => Promise<Discovered> {
  let known: { at: number; answer: Promise<Discovered> } | undefined;
  const ask = async (): Promise<Discovered> => {
    const answer = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    if (!answer.ok) throw new Error(`the provider's configuration answered ${answer.status}`);
    const discovered = discoverySchema.parse(await answer.json());
    if (discovered.issuer !== issuer) throw new Error(`the provider calls itself ${discovered.issuer}`);
    const keys = createRemoteJWKSet(new URL(discovered.jwks_uri), {
      [customFetch]: (url, { headers }) => fetch(url, { headers }),
    });
    return { ...discovered, keys };
  };
  return () => {
    const now = performance.now();
    if (!known || now - known.at > discoveredForMs) {
      const answer = ask();
      known = { at: now, answer };
      answer.catch(() => {
        if (known?.answer === answer) known = undefined;
      });
    }
    return known.answer;
  };
}

async function verified(
  idToken: string,
  { settings, discovered, nonce }: { settings: OidcSettings; discovered: Discovered; nonce: string },
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(idToken, discovered.keys, {
    ...{ issuer: settings.issuer, audience: settings.clientId, algorithms, clockTolerance: 30 },
    requiredClaims: ["exp", "iat", "sub"],
  });
  if (payload.nonce !== nonce) throw new Error("the token was made for another sign-in");
  if (payload.azp !== undefined && payload.azp !== settings.clientId) {
    throw new Error("the token was made for another client");
  }
  return payload;
}

/** Many providers say the address only here. Of somebody else's, nothing is taken. */
async function userInfo(
  { userinfo_endpoint: url }: Discovered,
  { fetch, accessToken, subject }: { fetch: GuardedFetch; accessToken?: string; subject?: string },
): Promise<Record<string, unknown>> {
  if (!url || !accessToken) return {};
  const answer = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
  if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return {};
  const claims = z.record(z.string(), z.unknown()).parse(await answer.json());
  return claims.sub === subject ? claims : {};
}
