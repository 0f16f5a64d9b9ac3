import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { handleAuth } from "#server/api/auth-http.ts";
import { invite } from "#server/domain/team/invite.ts";
import { oidcClient, startIdentityProvider } from "#testing/identity-provider.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { createOidcFetch } from "./oidc-fetch.ts";
import { oidcEnvironment, oidcSettings } from "./oidc-settings.ts";

const origin = "http://127.0.0.1:3000";
const callback = `${origin}/api/auth/callback/oidc`;
const people = {
  grace: { email: "Grace@corp.example", email_verified: true, name: "Grace" },
  mallory: { email: "grace@corp.example", email_verified: false, name: "Mallory" },
  sre: { email: "sre@corp.example", email_verified: true, name: "Sam", groups: ["sre", "all"] },
  outside: { email: "eve@elsewhere.example", email_verified: true, name: "Eve", groups: ["sre"] },
  victim: { email: "victim@corp.example", email_verified: true, name: "The real one" },
  forger: { email: "victim@corp.example", email_verified: false, name: "Not the real one" },
};

let idp: Awaited<ReturnType<typeof startIdentityProvider>>;
const instances: TestInstance[] = [];

beforeAll(async () => {
  idp = await startIdentityProvider(callback, people);
});
afterAll(async () => {
  for (const instance of instances) await instance.close();
  await idp.close();
});

async function instanceWith(env: Record<string, string> = {}): Promise<TestInstance> {
  const settings = oidcSettings(
    z.object(oidcEnvironment).parse({
      WEEKBOOK_OIDC_ISSUER: idp.issuer,
      WEEKBOOK_OIDC_CLIENT_ID: oidcClient.id,
      WEEKBOOK_OIDC_CLIENT_SECRET: oidcClient.secret,
      ...env,
    }),
  );
  if (!settings) throw new Error("no settings");
  const fetch = createOidcFetch(idp.issuer, { allowedRanges: "", forbidden: [] });
  const instance = await createTestInstance({ oidc: { settings, fetch } });
  instances.push(instance);
  return instance;
}

/** A browser's cookies, by place. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string) => {
    const { origin: place } = new URL(url);
    const jar = jars.get(place) ?? new Map<string, string>();
    jars.set(place, jar);
    return jar;
  };
  return {
    header: (url: string) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; "),
    keep: (url: string, response: Response) => {
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ""] = cookie.split(";");
        const at = pair.indexOf("=");
        jarOf(url).set(pair.slice(0, at), pair.slice(at + 1));
      }
    },
  };
}
type Browser = ReturnType<typeof createBrowser>;

let lastHost = 0;
async function ours(instance: TestInstance, browser: Browser, url: string, body?: object): Promise<Response> {
  lastHost += 1;
  const request = new Request(url, {
    method: body ? "POST" : "GET",
    headers: {
      ...(body ? { "content-type": "application/json", origin } : { "sec-fetch-site": "cross-site" }),
      cookie: browser.header(url),
      "x-forwarded-for": `198.51.100.${lastHost % 250}`,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await handleAuth(request, instance.services);
  browser.keep(url, response);
  return response;
}

async function begin(instance: TestInstance, browser: Browser, next: string): Promise<string> {
  const answer = await ours(instance, browser, `${origin}/api/auth/sign-in/oidc`, { next });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { url: string }).url;
}

/** Goes through the provider's own pages as `login`; ends with the address that it sends back to. */
async function atProvider(browser: Browser, start: string, login: string): Promise<string> {
  let url = start;
  let form: URLSearchParams | null = null;
  for (let step = 0; step < 12; step++) {
    if (url.startsWith(origin)) return url;
    const response: Response = await fetch(url, {
      redirect: "manual",
      method: form ? "POST" : "GET",
      body: form,
      headers: { cookie: browser.header(url) },
    });
    browser.keep(url, response);
    const to = response.headers.get("location");
    if (to) {
      url = new URL(to, url).href;
      form = null;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "";
    form = new URLSearchParams({ prompt, login, password: "any" });
    url = new URL(/<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? url, url).href;
  }
  throw new Error(`the provider did not send back: ${url}`);
}

/** The whole way; ends with where the person is sent, and as whom. */
async function signIn(instance: TestInstance, login: string, next = "/") {
  const browser = createBrowser();
  const back = await atProvider(browser, await begin(instance, browser, next), login);
  const answer = await ours(instance, browser, back);
  const headers = new Headers({ cookie: browser.header(origin) });
  const session = await instance.services.auth.api.getSession({ headers });
  const to = new URL(answer.headers.get("location") ?? "/none", origin);
  return { to: to.pathname, error: to.searchParams.get("error"), session };
}

const signInsOf = (instance: TestInstance) =>
  instance.db.auditEvent.findMany({
    where: { action: "account.signedIn" },
    orderBy: { sequence: "asc" },
    select: { actorId: true, details: true },
  });

test("who is invited makes an account, and comes back to the invitation", async () => {
  const instance = await instanceWith();
  const owner = await instance.member(await instance.team(), "owner");
  const { token } = await invite({ ctx: owner, input: { role: "operator", email: "grace@corp.example" } });
  const first = await signIn(instance, "grace", `/join/${token}`);
  expect(first).toMatchObject({ to: `/join/${token}`, error: null });
  expect(first.session?.user).toMatchObject({
    email: "grace@corp.example",
    name: "Grace",
    emailVerified: true,
  });
  // Known from now on, by the provider's number for her.
  expect((await signIn(instance, "grace")).session?.user.id).toBe(first.session?.user.id);
  const account = await instance.db.account.findFirstOrThrow({
    where: { userId: first.session?.user.id ?? "" },
  });
  expect(account).toMatchObject({
    ...{ providerId: "oidc", accountId: `${idp.issuer}|grace`, password: null },
    ...{ accessToken: null, refreshToken: null, idToken: null },
  });
  const session = await instance.db.session.findFirstOrThrow({ where: { userId: account.userId } });
  expect(session).toMatchObject({ federated: true, secondFactor: false });
  const once = { actorId: account.userId, details: { by: "identity provider" } };
  expect(await signInsOf(instance)).toEqual([once, once]);
});

test("who is not invited gets no account, nor who has somebody else's invitation or an invented one", async () => {
  const instance = await instanceWith();
  const owner = await instance.member(await instance.team(), "owner");
  const { token } = await invite({ ctx: owner, input: { role: "viewer", email: "other@corp.example" } });
  const before = await instance.db.user.count();
  for (const next of ["/", `/join/${token}`, "/join/invented"]) {
    const { to, error, session } = await signIn(instance, "grace", next);
    expect({ to, error, session }).toEqual({ to: "/sign-in", error: "no_invitation", session: null });
  }
  expect(await signInsOf(instance)).toEqual([]);
  expect(await instance.db.user.count()).toBe(before);
});

test("an address the provider has not checked makes no account and takes none over, even where linking is on", async () => {
  const instance = await instanceWith({ WEEKBOOK_OIDC_LINK_BY_EMAIL: "1" });
  const owner = await instance.member(await instance.team(), "owner");
  const { token } = await invite({ ctx: owner, input: { role: "viewer" } });
  expect(await signIn(instance, "mallory", `/join/${token}`)).toMatchObject({
    error: "email_not_verified",
    session: null,
  });
  const victim = randomUUID();
  await instance.db.user.create({ data: { id: victim, name: "Victim", email: "victim@corp.example" } });
  const taken = await signIn(instance, "forger");
  expect(taken.session).toBeNull();
  expect(taken.error).toBe("account_not_linked");
  expect(await instance.db.account.count({ where: { userId: victim } })).toBe(0);
});

test("a checked address is linked only where the instance says so, and then its old password and sessions end", async () => {
  for (const link of ["0", "1"]) {
    const instance = await instanceWith({ WEEKBOOK_OIDC_LINK_BY_EMAIL: link });
    const userId = randomUUID();
    await instance.db.user.create({ data: { id: userId, name: "V", email: "victim@corp.example" } });
    await instance.db.account.create({
      data: { id: randomUUID(), userId, accountId: userId, providerId: "credential", password: "x" },
    });
    const expiresAt = new Date(Date.now() + 60_000);
    await instance.db.session.create({ data: { id: "old", token: "old", userId, expiresAt } });
    const { session, error } = await signIn(instance, "victim");
    const left = await instance.db.account.findMany({ where: { userId }, select: { providerId: true } });
    if (link === "0") {
      expect({ session, error }).toEqual({ session: null, error: "account_not_linked" });
      expect(left).toEqual([{ providerId: "credential" }]);
    } else {
      expect(session?.user.id).toBe(userId);
      expect(left).toEqual([{ providerId: "oidc" }]);
      expect(await instance.db.session.count({ where: { id: "old" } })).toBe(0);
    }
  }
});

test("configured rules put people into teams, once, and domains keep others out", async () => {
  const instance = await instanceWith({
    WEEKBOOK_OIDC_DOMAINS: "corp.example",
    WEEKBOOK_OIDC_ROLES:
      "sre=platform:operator, all=platform:viewer, leads=platform:admin, sre=not-there:admin",
    WEEKBOOK_OIDC_SECOND_FACTOR: "1",
  });
  const team = await instance.db.team.create({ data: { name: "Platform", slug: "platform" } });
  const { session } = await signIn(instance, "sre");
  const userId = session?.user.id ?? "";
  const roles = () =>
    instance.db.membership.findMany({ where: { userId }, select: { teamId: true, role: true } });
  expect(await roles()).toEqual([{ teamId: team.id, role: "operator" }]);
  expect(await instance.db.session.findFirstOrThrow({ where: { userId } })).toMatchObject({
    secondFactor: true,
  });
  // What the team decides afterwards holds.
  await instance.db.membership.updateMany({ where: { userId }, data: { role: "viewer" } });
  await signIn(instance, "sre");
  expect(await roles()).toEqual([{ teamId: team.id, role: "viewer" }]);
  expect(await signIn(instance, "outside")).toMatchObject({ error: "domain_not_allowed", session: null });
  expect(await signIn(instance, "grace")).toMatchObject({ error: "no_invitation", session: null });
});

test("an answer of the provider that another browser asked for signs nobody in", async () => {
  const instance = await instanceWith({ WEEKBOOK_OIDC_ROLES: "sre=platform:operator" });
  await instance.db.team.create({ data: { name: "Platform", slug: "platform" } });
  const [attacker, victim] = [createBrowser(), createBrowser()];
  const back = await atProvider(attacker, await begin(instance, attacker, "/"), "sre");
  await begin(instance, victim, "/");
  await ours(instance, victim, back);
  const headers = new Headers({ cookie: victim.header(origin) });
  expect(await instance.services.auth.api.getSession({ headers })).toBeNull();
});

test("where no provider is configured, its addresses are not there; a token sent by a page is not looked at", async () => {
  const without = await createTestInstance();
  instances.push(without);
  const browser = createBrowser();
  expect((await ours(without, browser, `${origin}/api/auth/sign-in/oidc`, { next: "/" })).status).toBe(404);
  expect((await ours(without, browser, callback)).status).toBe(404);
  const instance = await instanceWith();
  const social = await ours(instance, browser, `${origin}/api/auth/sign-in/social`, { provider: "oidc" });
  expect(social.status).toBe(404);
});

test("only the issuer itself may be a private address", async () => {
  const other = createOidcFetch("https://id.example", { allowedRanges: "", forbidden: [] });
  await expect(other(`${idp.issuer}/jwks`)).rejects.toMatchObject({ reason: { code: "refused-address" } });
  const own = createOidcFetch(idp.issuer, { allowedRanges: "", forbidden: [] });
  expect((await own(`${idp.issuer}/jwks`)).status).toBe(200);
  const port = Number(new URL(idp.issuer).port);
  const database = createOidcFetch(idp.issuer, {
    ...{ allowedRanges: "", forbidden: [{ host: "127.0.0.1", port }] },
  });
  await expect(database(`${idp.issuer}/jwks`)).rejects.toThrow();
});
