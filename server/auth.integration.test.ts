import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { handleAuth } from "./api/auth-http.ts";
import { createAuth, trustedOrigins } from "./auth.ts";

const origin = "http://127.0.0.1:3000";
const password = "correct horse battery";
let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

async function account(): Promise<string> {
  const { userId, email } = await instance.person();
  const hash = await hashPassword(password);
  await instance.db.account.create({
    data: { id: randomUUID(), accountId: userId, providerId: "credential", userId, password: hash },
  });
  return email;
}

let lastHost = 0;
function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  lastHost += 1;
  const request = new Request(`${origin}/api/auth/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      origin,
      "x-forwarded-for": `198.51.100.${lastHost % 250}`,
      ...headers,
    },
  });
  return handleAuth(request, instance.services);
}

test("signs in with a session in the database and a cookie scripts cannot read, and out again", async () => {
  const email = await account();
  const answer = await post("sign-in/email", { email, password });
  expect(answer.status).toBe(200);
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^weekbook\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(await instance.db.session.count({ where: { user: { email } } })).toBe(1);

  const headers = { cookie: cookie.split(";")[0] ?? "" };
  const session = await instance.services.auth.api.getSession({ headers: new Headers(headers) });
  expect(session?.user.email).toBe(email);

  expect((await post("sign-out", {}, headers)).status).toBe(200);
  expect(await instance.db.session.count({ where: { user: { email } } })).toBe(0);
  expect(await instance.services.auth.api.getSession({ headers: new Headers(headers) })).toBeNull();
});

test("over https the cookie is for https only", async () => {
  const email = await account();
  const auth = createAuth({ db: instance.db, publicUrl: "https://weekbook.example", secret: "x".repeat(40) });
  const { headers } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true });
  expect(headers.getSetCookie()[0]).toMatch(/^__Secure-weekbook\.session_token=.*Secure/);
});

test("a wrong password and an unknown address get the same answer", async () => {
  const wrong = await post("sign-in/email", { email: await account(), password: "something else entirely" });
  const unknown = await post("sign-in/email", { email: "nobody@example.com", password });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
});

test("five attempts a minute from one address, counted in the database", async () => {
  const from = { "x-forwarded-for": "203.0.113.7" };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    const answer = await post("sign-in/email", { email: `${randomUUID()}@example.com`, password }, from);
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  const row = await instance.db.rateLimit.findUnique({ where: { key: "203.0.113.7|/sign-in/email" } });
  expect(row?.count).toBe(5);
});

test("ten attempts a minute on one account, from however many addresses", async () => {
  const email = await account();
  for (let attempt = 0; attempt < 10; attempt++) {
    expect((await post("sign-in/email", { email, password: "a guess of 12" })).status).toBe(401);
  }
  expect((await post("sign-in/email", { email: email.toUpperCase(), password })).status).toBe(429);
});

test("nobody makes an account of their own, and nothing else of the library is open", async () => {
  const body = { name: "Eve", email: "eve@example.com", password };
  for (const path of [
    "sign-up/email",
    "update-user",
    "change-email",
    "request-password-reset",
    "delete-user",
  ]) {
    expect((await post(path, body)).status).toBe(404);
  }
  await expect(instance.services.auth.api.signUpEmail({ body })).rejects.toThrow();
  expect(await instance.db.user.count({ where: { email: body.email } })).toBe(0);
});

test("a page of another site cannot sign somebody in", async () => {
  const body = { email: await account(), password };
  expect((await post("sign-in/email", body, { origin: "https://evil.example" })).status).toBe(403);
  expect((await post("sign-in/email", body, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await post("sign-in/email", body, { "sec-fetch-site": "same-site" })).status).toBe(403);
});

test("loopback is trusted by all of its names on the same port, another address only as it is written", () => {
  expect(trustedOrigins("http://127.0.0.1:3000")).toEqual([
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
  ]);
  expect(trustedOrigins("https://weekbook.example/x")).toEqual(["https://weekbook.example"]);
});
