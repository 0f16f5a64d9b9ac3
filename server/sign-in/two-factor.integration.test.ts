import { randomUUID } from "node:crypto";
import { createOTP } from "@better-auth/utils/otp";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handleAuth } from "#server/api/auth-http.ts";
import { createApiContext } from "#server/api/context.ts";
import { createCaller } from "#server/api/root.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";

const origin = "http://127.0.0.1:3000";
const password = "correct horse battery";
let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

async function account() {
  const person = await instance.person();
  const { userId, email } = person;
  const hash = await hashPassword(password);
  await instance.db.account.create({
    data: { id: randomUUID(), accountId: userId, providerId: "credential", userId, password: hash },
  });
  return { userId, email };
}

let lastHost = 0;
/** A browser: cookies stay, every request comes from another address so that only limits per account are met. */
function browser() {
  const cookies = new Map<string, string>();
  const keep = (headers: Headers) => {
    for (const cookie of headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  };
  const headers = () => {
    lastHost += 1;
    return new Headers({
      "content-type": "application/json",
      origin,
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      "x-forwarded-for": `198.51.100.${lastHost % 250}`,
    });
  };
  return {
    async post(path: string, body: object): Promise<Response> {
      const request = new Request(`${origin}/api/auth/${path}`, {
        ...{ method: "POST", body: JSON.stringify(body), headers: headers() },
      });
      const response = await handleAuth(request, instance.services);
      keep(response.headers);
      return response;
    },
    /** Calls a procedure as the pages do, with the session of these cookies. */
    async call<T>(work: (caller: ReturnType<typeof createCaller>) => Promise<T>): Promise<T> {
      const answered = new Headers();
      const ctx = await createApiContext(instance.services, headers(), answered);
      const result = await work(createCaller(ctx));
      keep(answered);
      return result;
    },
    isSignedIn: async () => (await instance.services.auth.api.getSession({ headers: headers() })) !== null,
  };
}
type Browser = ReturnType<typeof browser>;

async function signedIn(email: string): Promise<Browser> {
  const one = browser();
  expect((await one.post("sign-in/email", { email, password })).status).toBe(200);
  return one;
}

// The app reads the secret from the QR code: base32 of the characters that the product counts with.
const codeOf = (secret: string) => createOTP(fromBase32(secret)).totp();

function fromBase32(text: string): string {
  const bits = [...text].map((one) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  return String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 2)));
}

async function enrolled(email: string) {
  const first = await signedIn(email);
  const draft = await first.call((caller) => caller.profile.beginTwoFactor({ password }));
  const code = await codeOf(draft.secret);
  await first.call((caller) => caller.profile.confirmTwoFactor({ code }));
  return { first, ...draft };
}

test("a second factor counts from the first right code on, and ends sessions that began without", async () => {
  const { userId, email } = await account();
  const other = await signedIn(email);
  const first = await signedIn(email);
  await expect(
    first.call((caller) => caller.profile.beginTwoFactor({ password: "something else" })),
  ).rejects.toMatchObject({ cause: { fields: { password: "field-password-wrong" } } });
  const draft = await first.call((caller) => caller.profile.beginTwoFactor({ password }));
  expect(draft.qr.path).toMatch(/^M4 4h7v1h-7z/);
  expect(new Set(draft.backupCodes).size).toBe(10);
  await expect(
    first.call((caller) => caller.profile.confirmTwoFactor({ code: "000000" })),
  ).rejects.toMatchObject({
    cause: { fields: { code: "field-code-wrong" } },
  });
  expect(await instance.db.user.findUnique({ where: { id: userId } })).toMatchObject({
    twoFactorEnabled: false,
  });
  const code = await codeOf(draft.secret);
  await first.call((caller) => caller.profile.confirmTwoFactor({ code }));
  expect(await first.isSignedIn()).toBe(true);
  expect(await other.isSignedIn()).toBe(false);
  const stored = JSON.stringify(await instance.db.twoFactor.findUnique({ where: { userId } }));
  expect(stored).not.toContain(fromBase32(draft.secret));
  expect(stored).not.toContain(draft.backupCodes[0]);
});

test("the password alone opens nothing then; a code does, and a backup code does once", async () => {
  const { userId, email } = await account();
  const { secret, backupCodes } = await enrolled(email);
  const next = await signedIn(email);
  expect(await next.isSignedIn()).toBe(false);
  expect((await next.post("two-factor/verify-totp", { code: "000000" })).status).toBe(401);
  expect(await next.isSignedIn()).toBe(false);
  expect((await next.post("two-factor/verify-totp", { code: await codeOf(secret) })).status).toBe(200);
  expect(await next.isSignedIn()).toBe(true);

  for (const [status, expected] of [
    [200, true],
    [401, false],
  ] as const) {
    const lost = await signedIn(email);
    expect((await lost.post("two-factor/verify-backup-code", { code: backupCodes[0] })).status).toBe(status);
    expect(await lost.isSignedIn()).toBe(expected);
  }
  const sessions = await instance.db.session.findMany({ where: { userId } });
  expect(sessions.every(({ secondFactor }) => secondFactor)).toBe(true);
});

test("each way in is written down once, with what opened it; enrolling and a password alone are none", async () => {
  const { userId, email } = await account();
  const { secret, backupCodes } = await enrolled(email);
  const [byCode, byBackup] = [await signedIn(email), await signedIn(email)];
  await byCode.post("two-factor/verify-totp", { code: "000000" });
  await byCode.post("two-factor/verify-totp", { code: await codeOf(secret) });
  await byBackup.post("two-factor/verify-backup-code", { code: backupCodes[0] });
  const events = await instance.db.auditEvent.findMany({
    where: { action: "account.signedIn", subjectId: userId },
    orderBy: { sequence: "asc" },
  });
  expect(events.map(({ actorId, details }) => [actorId, details])).toEqual([
    [userId, { by: "password" }],
    [userId, { by: "code" }],
    [userId, { by: "backup code" }],
  ]);
});

test("guessing at codes ends: the account is closed for a while, even to the right one", async () => {
  const { email } = await account();
  const { secret, backupCodes } = await enrolled(email);
  for (let round = 0; round < 3; round++) {
    const guesser = await signedIn(email);
    for (let guess = 0; guess < 4; guess++) await guesser.post("two-factor/verify-totp", { code: "000000" });
  }
  const right = await signedIn(email);
  expect((await right.post("two-factor/verify-totp", { code: await codeOf(secret) })).status).toBe(429);
  expect((await right.post("two-factor/verify-backup-code", { code: backupCodes[0] })).status).toBe(429);
});

test("no device is trusted beyond its session, and who is not asked for a code cannot answer", async () => {
  const { email } = await account();
  const { secret } = await enrolled(email);
  const next = await signedIn(email);
  const code = await codeOf(secret);
  expect((await next.post("two-factor/verify-totp", { code, trustDevice: true })).status).toBe(400);
  expect((await browser().post("two-factor/verify-totp", { code })).status).toBe(401);
  expect((await next.post("two-factor/disable", { password })).status).toBe(404);
  expect((await next.post("two-factor/enable", { password })).status).toBe(404);
});

test("switched off by the password, the old codes are over", async () => {
  const { email } = await account();
  const { first, backupCodes } = await enrolled(email);
  await expect(
    first.call((caller) => caller.profile.disableTwoFactor({ password: "wrong one" })),
  ).rejects.toThrow();
  const fresh = await first.call((caller) => caller.profile.newBackupCodes({ password }));
  expect(fresh.backupCodes).not.toContain(backupCodes[0]);
  const lost = await signedIn(email);
  expect((await lost.post("two-factor/verify-backup-code", { code: backupCodes[0] })).status).toBe(401);
  await first.call((caller) => caller.profile.disableTwoFactor({ password }));
  expect(await (await signedIn(email)).isSignedIn()).toBe(true);
});

test("a team that asks for a second factor shows nothing to a session without, and opens with one", async () => {
  const team = await instance.team();
  const [owner, member] = [await account(), await account()];
  for (const [{ userId }, role] of [
    [owner, "owner"],
    [member, "admin"],
  ] as const) {
    await instance.db.membership.create({ data: { teamId: team.id, userId, role } });
  }
  const weak = await signedIn(owner.email);
  const required = { team: team.slug, required: true };
  await expect(weak.call((caller) => caller.team.requireTwoFactor(required))).rejects.toMatchObject({
    message: "second-factor-first",
  });
  const { first } = await enrolled(owner.email);
  await first.call((caller) => caller.team.requireTwoFactor(required));
  await first.call((caller) => caller.team.get({ team: team.slug }));

  const theirs = await signedIn(member.email);
  const refused = { cause: { code: "forbidden", message: "second-factor-required" } };
  for (const work of [
    (caller: ReturnType<typeof createCaller>) => caller.team.get({ team: team.slug }),
    (caller: ReturnType<typeof createCaller>) => caller.cluster.list({ team: team.slug }),
    (caller: ReturnType<typeof createCaller>) => caller.team.invite({ team: team.slug, role: "viewer" }),
    (caller: ReturnType<typeof createCaller>) => caller.team.leave({ team: team.slug }),
  ]) {
    await expect(theirs.call<unknown>(work)).rejects.toMatchObject(refused);
  }
  const current = await theirs.call((caller) => caller.session.current());
  expect(current.teams).toMatchObject([{ slug: team.slug, locked: true }]);

  const after = await enrolled(member.email);
  expect((await after.first.call((caller) => caller.session.current())).teams).toMatchObject([
    { locked: false },
  ]);
  await after.first.call((caller) => caller.cluster.list({ team: team.slug }));
});
