import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";

let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

test("a sign-in and one that failed are written down; what was typed is not", async () => {
  const person = await instance.person();
  const { userId, email } = person;
  const password = "the right password";
  await instance.db.account.create({
    data: {
      ...{ id: randomUUID(), accountId: userId, providerId: "credential", userId },
      password: await hashPassword(password),
    },
  });
  const signIn = (body: { email: string; password: string }) =>
    instance.services.auth.api.signInEmail({ body }).catch(() => null);
  await signIn({ email, password });
  await signIn({ email: email.toUpperCase(), password: "canary-wrong-password" });
  await signIn({ email: "canary-typed-password@example.com", password: "canary-wrong-password" });
  const events = await instance.db.auditEvent.findMany({ orderBy: { sequence: "asc" } });
  expect(events.map(({ action, actorId, subjectId }) => [action, actorId, subjectId])).toEqual([
    ["account.signedIn", userId, userId],
    ["account.signInFailed", null, userId],
  ]);
  const { rows } = await instance.pool.query("SELECT e::text FROM audit_event e");
  expect(JSON.stringify(rows)).not.toMatch(/canary|the right password/);
});
