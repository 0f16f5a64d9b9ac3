import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createOidcProvider } from "./oidc-provider.ts";
import { grantsOf, oidcEnvironment, oidcSettings } from "./oidc-settings.ts";

const issuer = "https://id.example";
const secret = "a secret between provider and Weekbook";
const environment = { WEEKBOOK_OIDC_ISSUER: issuer, WEEKBOOK_OIDC_CLIENT_ID: "weekbook" };
const settingsOf = (env: Record<string, string>) => oidcSettings(z.object(oidcEnvironment).parse(env));

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let jwks: object;
beforeAll(async () => {
  keys = await generateKeyPair("RS256");
  jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "1", alg: "RS256" }] };
});

/** The provider's answers, of which a test may change some. */
function provider(answers: Record<string, object> = {}) {
  const pages: Record<string, object> = {
    "/.well-known/openid-configuration": {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      jwks_uri: `${issuer}/keys`,
    },
    "/keys": jwks,
    "/me": { sub: "42", groups: ["sre"] },
    ...answers,
  };
  const settings = settingsOf(environment);
  if (!settings) throw new Error("no settings");
  return createOidcProvider(settings, async (url) => Response.json(pages[new URL(url).pathname] ?? {}));
}

const claims = {
  iss: issuer,
  aud: "weekbook",
  sub: "42",
  nonce: "n",
  email: "Ada@example.com",
  email_verified: true,
};
const signed = (change: JWTPayload = {}) =>
  new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuedAt()
    .setExpirationTime(change.exp ?? "5m")
    .sign(keys.privateKey);
const read = (idToken: string, answers?: Record<string, object>) =>
  provider(answers).getUserInfo({ idToken, accessToken: "t", expectedIdTokenNonce: "n" });

test("a token that is in order says who it is, with what only the provider's other answer says", async () => {
  const answer = await read(await signed());
  expect(answer?.user).toMatchObject({ email: "ada@example.com", emailVerified: true });
  expect(answer?.data).toMatchObject({ sub: "42", groups: ["sre"] });
});

test("what the other answer says of somebody else is not taken, nor what it says otherwise than the token", async () => {
  const other = await read(await signed(), { "/me": { sub: "1", groups: ["leads"] } });
  expect(other?.data).not.toHaveProperty("groups");
  const same = await read(await signed({ email_verified: false }), {
    "/me": { sub: "42", email_verified: true },
  });
  expect(same?.user.emailVerified).toBe(false);
});

test.each<[string, JWTPayload]>([
  ["another sign-in", { nonce: "other" }],
  ["another client", { aud: "other" }],
  ["another issuer", { iss: "https://evil.example" }],
  ["a part of another client", { aud: ["weekbook", "other"], azp: "other" }],
  ["yesterday", { exp: Math.floor(Date.now() / 1_000) - 86_400 }],
])("a token made for %s is refused", async (_, change) => {
  await expect(read(await signed(change))).rejects.toThrow();
});

test("a token that nobody, somebody else or the client's own secret signed is refused", async () => {
  const strangers = await generateKeyPair("RS256");
  const forged = [
    new UnsecuredJWT(claims).setIssuedAt().setExpirationTime("5m").encode(),
    await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(strangers.privateKey),
    await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", kid: "1" })
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(secret)),
  ];
  for (const token of forged) await expect(read(token)).rejects.toThrow();
});

test("a provider that calls itself otherwise is not talked to", async () => {
  const answers = { "/.well-known/openid-configuration": { issuer: "https://evil.example" } };
  await expect(read(await signed(), answers)).rejects.toThrow();
});

test("rules give each team the highest of its roles, and never an owner", () => {
  const settings = settingsOf({
    ...environment,
    WEEKBOOK_OIDC_ROLES: "sre=platform:operator, all=platform:viewer, *=guests:viewer",
  });
  if (!settings) throw new Error("no settings");
  expect([...grantsOf(settings, { groups: ["all", "sre"] })]).toEqual([
    ["platform", "operator"],
    ["guests", "viewer"],
  ]);
  expect([...grantsOf(settings, {})]).toEqual([["guests", "viewer"]]);
  for (const rules of ["sre=platform:owner", "sre=platform", "platform:viewer"]) {
    expect(() => settingsOf({ ...environment, WEEKBOOK_OIDC_ROLES: rules })).toThrow();
  }
});

test("half a configuration, and an issuer over plain http elsewhere, are refused at the start", () => {
  expect(settingsOf({})).toBeNull();
  expect(() => settingsOf({ WEEKBOOK_OIDC_ISSUER: issuer })).toThrow(/set together/);
  expect(() => settingsOf({ ...environment, WEEKBOOK_OIDC_ISSUER: "http://id.example" })).toThrow();
});
