import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import type { TeamContext } from "../context.ts";
import { getTeam } from "./get.ts";
import { invite } from "./invite.ts";
import { removeMember } from "./remove-member.ts";
import { revokeInvitation } from "./revoke-invitation.ts";
import { setRole } from "./set-role.ts";

let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

const lastOwner = { code: "conflict", message: "last-owner" };
const aboveOwn = { code: "forbidden", message: "role-above-own" };

function idOf(ctx: TeamContext): string {
  return ctx.actor.type === "user" ? ctx.actor.userId : "";
}

async function people() {
  const team = await instance.team();
  return {
    owner: await instance.member(team, "owner"),
    admin: await instance.member(team, "admin"),
    viewer: await instance.member(team, "viewer"),
  };
}

test("the last owner stays, whoever asks", async () => {
  const { owner } = await people();
  await expect(setRole({ ctx: owner, input: { userId: idOf(owner), role: "admin" } })).rejects.toMatchObject(
    lastOwner,
  );
  await expect(removeMember({ ctx: owner, input: { userId: idOf(owner) } })).rejects.toMatchObject(lastOwner);
});

test("two owners who demote each other at the same moment leave one", async () => {
  const team = await instance.team();
  const [a, b] = [await instance.member(team, "owner"), await instance.member(team, "owner")];
  // Both are let go at once, when both have come as far as the team's row.
  const gate = await instance.pool.connect();
  await gate.query("BEGIN");
  await gate.query('SELECT 1 FROM "team" WHERE "id" = $1 FOR UPDATE', [team.id]);
  const both = Promise.allSettled([
    setRole({ ctx: a, input: { userId: idOf(b), role: "viewer" } }),
    removeMember({ ctx: b, input: { userId: idOf(a) } }),
  ]);
  await expect.poll(waitingForTeam, { timeout: 30_000 }).toBe(2);
  await gate.query("COMMIT");
  gate.release();
  const answers = await both;
  expect(answers.map((answer) => answer.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await instance.db.membership.count({ where: { teamId: team.id, role: "owner" } })).toBe(1);
});

async function waitingForTeam(): Promise<number> {
  const { rowCount } = await instance.pool.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
     AND wait_event_type = 'Lock' AND query LIKE '%FROM "team"%FOR UPDATE%'`,
  );
  return rowCount ?? 0;
}

test("an admin neither makes, changes, removes nor invites an owner", async () => {
  const { owner, admin, viewer } = await people();
  await expect(setRole({ ctx: admin, input: { userId: idOf(viewer), role: "owner" } })).rejects.toMatchObject(
    aboveOwn,
  );
  await expect(setRole({ ctx: admin, input: { userId: idOf(owner), role: "viewer" } })).rejects.toMatchObject(
    aboveOwn,
  );
  await expect(removeMember({ ctx: admin, input: { userId: idOf(owner) } })).rejects.toMatchObject(aboveOwn);
  await expect(invite({ ctx: admin, input: { role: "owner" } })).rejects.toMatchObject(aboveOwn);
  await invite({ ctx: owner, input: { role: "owner" } });
  const [open] = (await getTeam({ ctx: owner })).invitations;
  await expect(
    revokeInvitation({ ctx: admin, input: { invitationId: open?.id ?? "" } }),
  ).rejects.toMatchObject(aboveOwn);
});

test("an admin gives and takes roles up to their own", async () => {
  const { admin, viewer } = await people();
  await setRole({ ctx: admin, input: { userId: idOf(viewer), role: "admin" } });
  const { members } = await getTeam({ ctx: admin });
  expect(members.find((member) => member.userId === idOf(viewer))?.role).toBe("admin");
  await removeMember({ ctx: admin, input: { userId: idOf(viewer) } });
  expect((await getTeam({ ctx: admin })).members).toHaveLength(2);
});

test("people and invitations of another team are not there", async () => {
  const ours = await people();
  const theirs = await people();
  await invite({ ctx: theirs.owner, input: { role: "viewer" } });
  const [open] = (await getTeam({ ctx: theirs.owner })).invitations;
  const gone = { code: "not-found" };
  await expect(
    setRole({ ctx: ours.owner, input: { userId: idOf(theirs.viewer), role: "admin" } }),
  ).rejects.toMatchObject(gone);
  await expect(
    removeMember({ ctx: ours.owner, input: { userId: idOf(theirs.viewer) } }),
  ).rejects.toMatchObject(gone);
  await expect(
    revokeInvitation({ ctx: ours.owner, input: { invitationId: open?.id ?? "" } }),
  ).rejects.toMatchObject(gone);
});

test("open invitations are shown to those who may make them", async () => {
  const { owner, admin, viewer } = await people();
  await invite({ ctx: owner, input: { role: "viewer" } });
  expect((await getTeam({ ctx: admin })).invitations).toHaveLength(1);
  expect((await getTeam({ ctx: viewer })).invitations).toEqual([]);
});
