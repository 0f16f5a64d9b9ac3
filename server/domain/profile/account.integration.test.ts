import { randomUUID } from "node:crypto";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "#common/role.ts";
import { createTestInstance, type Person, type TestInstance } from "#testing/instance.ts";
import { makeRun } from "#testing/run-rows.ts";
import { makeResetLink } from "../password-resets/make.ts";
import { readReset } from "../password-resets/read.ts";
import { resetPassword } from "../password-resets/use.ts";
import { followRun } from "../runs/follow.ts";
import { createTeam } from "../team/create.ts";
import { leaveTeam } from "../team/leave.ts";
import { resolveTeam } from "../team/resolve.ts";
import { changePassword } from "./change-password.ts";
import { endSession } from "./end-session.ts";
import { accountSecurity } from "./security.ts";

const password = "correct horse battery";
let instance: TestInstance;
beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

async function person(): Promise<Person & { sessionId: string }> {
  const made = await instance.person();
  const { userId } = made;
  await instance.db.account.create({
    data: {
      ...{ id: randomUUID(), accountId: userId, providerId: "credential", userId },
      password: await hashPassword(password),
    },
  });
  return { ...made, sessionId: await session(userId) };
}

async function session(userId: string, userAgent?: string): Promise<string> {
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await instance.db.session.create({ data: { id, token: id, userId, expiresAt, userAgent } });
  return id;
}

async function join(userId: string, role: Role) {
  const team = await instance.team();
  await instance.db.membership.create({ data: { teamId: team.id, userId, role } });
  return team;
}

const sessionsOf = (userId: string) =>
  instance.db.session
    .findMany({ where: { userId }, select: { id: true } })
    .then((all) => all.map(({ id }) => id));

async function passwordIs(userId: string, wanted: string): Promise<boolean> {
  const account = await instance.db.account.findFirstOrThrow({ where: { userId } });
  return verifyPassword({ hash: account.password ?? "", password: wanted });
}

test("a new password needs the old one, is no common one, and ends the other sessions", async () => {
  const actor = await person();
  const ctx = instance.contextOf(actor);
  await session(actor.userId);
  const fresh = "an altogether new one";
  const change = (current: string, next: string) =>
    changePassword({ ctx, input: { current, password: next } });
  await expect(change("not the old one", fresh)).rejects.toMatchObject({
    fields: { current: "field-password-wrong" },
  });
  await expect(change(password, "Password1234!")).rejects.toMatchObject({
    fields: { password: "field-password-common" },
  });
  expect(await sessionsOf(actor.userId)).toHaveLength(2);
  await change(password, fresh);
  expect(await sessionsOf(actor.userId)).toEqual([actor.sessionId]);
  expect(await passwordIs(actor.userId, fresh)).toBe(true);
});

test("guessing at the password of an open session ends after ten tries a minute", async () => {
  const ctx = instance.contextOf(await person());
  const guess = (current: string) =>
    changePassword({ ctx, input: { current, password: "an altogether new one" } });
  for (let count = 0; count < 10; count++) await expect(guess("a guess at it")).rejects.toThrow();
  await expect(guess(password)).rejects.toMatchObject({ code: "too-many" });
});

test("shows where somebody is signed in, and ends one of their own sessions, or all others", async () => {
  const actor = await person();
  const ctx = instance.contextOf(actor);
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const other = await session(actor.userId, agent);
  await session(actor.userId);
  const shown = await accountSecurity({ ctx });
  expect(shown).toMatchObject({ hasPassword: true, twoFactor: false });
  expect(shown.sessions).toHaveLength(3);
  expect(shown.sessions.filter(({ current }) => current).map(({ id }) => id)).toEqual([actor.sessionId]);
  expect(shown.sessions.find(({ id }) => id === other)?.browser).toEqual({
    name: "Firefox",
    system: "Linux",
  });

  const stranger = await person();
  await expect(endSession({ ctx, input: { sessionId: stranger.sessionId } })).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await sessionsOf(stranger.userId)).toEqual([stranger.sessionId]);
  await endSession({ ctx, input: { sessionId: other } });
  expect(await sessionsOf(actor.userId)).toHaveLength(2);
  await endSession({ ctx, input: { sessionId: null } });
  expect(await sessionsOf(actor.userId)).toEqual([actor.sessionId]);
});

test("an open stream of a session ends at once with it, and not with another", async () => {
  const actor = await person();
  const team = await join(actor.userId, "viewer");
  const cluster = await instance.db.cluster.create({ data: { teamId: team.id, slug: "c", name: "C" } });
  const run = await makeRun(
    { db: instance.db, teamId: team.id, clusterId: cluster.id },
    { status: "running", verdict: null, endedAt: null },
  );
  const ctx = await resolveTeam({ ctx: instance.contextOf(actor), input: { team: team.slug } });
  const notices = instance.services.hub;
  const stream = followRun({ ctx, input: { runId: run.id }, notices })[Symbol.asyncIterator]();
  await stream.next();
  const next = stream.next();
  const ended = next.then(
    () => "went on",
    () => "ended",
  );
  // The hub listens from its first follower on; what it missed before that it rings for by itself.
  await expect.poll(listening).toBe(true);
  await instance.db.session.delete({ where: { id: await session(actor.userId) } });
  const startedMs = performance.now();
  await endSession({ ctx: instance.contextOf(actor), input: { sessionId: actor.sessionId } });
  expect(await ended).toBe("ended");
  expect(performance.now() - startedMs).toBeLessThan(2_500);
});

async function listening(): Promise<boolean> {
  const { rowCount } = await instance.pool.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
     AND application_name = 'weekbook live updates' AND query LIKE 'LISTEN%' AND state = 'idle'`,
  );
  return rowCount === 1;
}

test("a link for a new password works once, for an hour, and ends every session", async () => {
  const target = await person();
  const team = await join(target.userId, "operator");
  const admin = await instance.member(team, "admin");
  const older = await makeResetLink({ ctx: admin, input: { userId: target.userId } });
  const { token } = await makeResetLink({ ctx: admin, input: { userId: target.userId } });
  const ctx = instance.contextOf({ type: "nobody" });
  const gone = { code: "not-found", message: "reset-gone" };
  await expect(readReset({ ctx, input: older })).rejects.toMatchObject(gone);
  expect(await readReset({ ctx, input: { token } })).toEqual({ name: target.name, email: target.email });
  const stored = await instance.db.passwordReset.findFirst({ where: { userId: target.userId } });
  expect(JSON.stringify(stored)).not.toContain(token);
  const later = { ...ctx, now: () => new Date(Date.now() + 61 * 60_000) };
  const input = { token, password: "an altogether new one" };
  await expect(resetPassword({ ctx: later, input })).rejects.toMatchObject(gone);
  await expect(resetPassword({ ctx, input: { token, password: "123456qwerty" } })).rejects.toMatchObject({
    fields: { password: "field-password-common" },
  });
  await resetPassword({ ctx, input });
  expect(await passwordIs(target.userId, input.password)).toBe(true);
  expect(await sessionsOf(target.userId)).toEqual([]);
  await expect(resetPassword({ ctx, input })).rejects.toMatchObject(gone);
});

test("nobody makes such a link for who is above them, or in a team of others", async () => {
  const target = await person();
  const team = await join(target.userId, "owner");
  const make = async (role: Role) =>
    makeResetLink({ ctx: await instance.member(team, role), input: { userId: target.userId } });
  await expect(make("admin")).rejects.toMatchObject({ message: "role-above-own" });
  await expect(make("owner")).resolves.toHaveProperty("token");
  await join(target.userId, "viewer");
  await expect(make("owner")).rejects.toMatchObject({ message: "member-elsewhere" });
  const stranger = await instance.member(await instance.team(), "owner");
  await expect(makeResetLink({ ctx: stranger, input: { userId: target.userId } })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("who owns the first team makes others, which know nothing of each other", async () => {
  const fresh = await createTestInstance();
  const first = await fresh.team("First");
  const owner = await fresh.member(first, "owner");
  const admin = await fresh.member(first, "admin");
  const refused = { code: "forbidden", message: "needs-instance-owner" };
  await expect(createTeam({ ctx: admin, input: { name: "Mine" } })).rejects.toMatchObject(refused);
  const teams: string[] = [];
  for (const name of ["Second", "Second", "第二", "Sign in"]) {
    teams.push((await createTeam({ ctx: owner, input: { name } })).team);
  }
  expect(teams).toEqual(["second", "second-2", "team", "sign-in-2"]);
  const second = await fresh.db.team.findUniqueOrThrow({ where: { slug: "second" } });
  const theirs = await fresh.member(second, "owner");
  await expect(createTeam({ ctx: theirs, input: { name: "Mine" } })).rejects.toMatchObject(refused);
  await expect(resolveTeam({ ctx: theirs, input: { team: first.slug } })).rejects.toMatchObject({
    code: "not-found",
  });
  await fresh.close();
});

test("somebody leaves a team, but not its last owner", async () => {
  const team = await instance.team();
  const owner = await instance.member(team, "owner");
  const viewer = await instance.member(team, "viewer");
  await expect(leaveTeam({ ctx: owner })).rejects.toMatchObject({ message: "last-owner" });
  await leaveTeam({ ctx: viewer });
  expect(await instance.db.membership.count({ where: { teamId: team.id } })).toBe(1);
});
