import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fingerprint } from "#server/connectors/ssh/known-hosts.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { createTeamWorld, type TeamWorld } from "#testing/team-world.ts";

/** What the table of permissions cannot reach with one call; it tells for every other procedure that it is audited. */

let instance: TestInstance;
let world: TeamWorld;
const key = Buffer.from("AAAAC3NzaC1lZDI1NTE5AAAAIBcb3DDrWFLdQKcRxzYqrLaTFjrYfVJ2jBh7N7mxWm7K", "base64");

beforeAll(async () => {
  instance = await createTestInstance();
  world = await createTeamWorld(instance, `canary-${randomUUID()}`);
});
afterAll(() => instance.close());

async function lastEvent() {
  return instance.db.auditEvent.findFirst({ where: { action: { not: "" } }, orderBy: { at: "desc" } });
}

test("a schedule is switched off and on, each once", async () => {
  const { scheduleId, team } = world;
  const { schedule } = instance.callerOf(world.people.operator);
  await schedule.disable({ team, scheduleId });
  expect(await lastEvent()).toMatchObject({ action: "schedule.switchedOff", subjectId: scheduleId });
  await schedule.enable({ team, scheduleId });
  const last = await lastEvent();
  expect(last).toMatchObject({ action: "schedule.switchedOn", actorId: world.people.operator.userId });
  await schedule.enable({ team, scheduleId });
  expect(await lastEvent()).toEqual(last);
});

test("keys of hosts are confirmed, with their fingerprints", async () => {
  const { team, cluster, hostGroupId: connectionId } = world;
  const host = "10.20.30.41";
  const shown = { host, ok: false, key: key.toString("base64") };
  await instance.db.connection.update({
    where: { id: connectionId },
    data: { lastTest: { hosts: [shown] } },
  });
  const keys = [{ host, fingerprint: fingerprint(key) }];
  await instance.callerOf(world.people.admin).host.confirmKeys({ team, cluster, connectionId, keys });
  expect(await lastEvent()).toMatchObject({
    ...{ action: "hosts.keysConfirmed", subjectId: connectionId, subjectName: "Hosts" },
    details: { keys: [`${host} ${fingerprint(key)}`] },
  });
});

test("a role that was changed is there before and after", async () => {
  const { team, bystanderId: userId } = world;
  await instance.callerOf(world.people.admin).team.setRole({ team, userId, role: "operator" });
  expect(await lastEvent()).toMatchObject({
    ...{ action: "member.roleChanged", subjectId: userId },
    details: { roleBefore: "viewer", role: "operator" },
  });
});

test("a run that was started names its clusters and checks, once for each key", async () => {
  const { team, cluster, kept } = world;
  const input = { team, clusters: [cluster], runbook: null, checks: [{ id: kept.check }] };
  const idempotencyKey = randomUUID();
  const caller = instance.callerOf(world.people.operator);
  const { runId } = await caller.run.start({ ...input, idempotencyKey });
  await caller.run.start({ ...input, idempotencyKey });
  const events = await instance.db.auditEvent.findMany({ where: { subjectId: runId } });
  expect(events).toMatchObject([
    { action: "run.started", details: { clusters: [cluster], checks: [kept.check] } },
  ]);
  await caller.run.cancel({ team, runId });
  await caller.run.cancel({ team, runId });
  expect(await instance.db.auditEvent.count({ where: { subjectId: runId } })).toBe(2);
});
