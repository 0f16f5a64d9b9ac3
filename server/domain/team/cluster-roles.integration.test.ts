import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import { type Role, roles } from "#common/role.ts";
import { checks } from "#server/checks/registry.gen.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { connectCluster } from "../clusters/connect.ts";
import type { TeamContext } from "../context.ts";
import { startRun } from "../runs/start.ts";
import { createSchedule } from "../schedules/create.ts";
import { startScheduled } from "../schedules/start-scheduled.ts";
import { updateSchedule } from "../schedules/update.ts";
import { listClusterRoles } from "./cluster-roles.ts";
import { resolveTeam } from "./resolve.ts";
import { setClusterRole } from "./set-cluster-role.ts";
import { setRole } from "./set-role.ts";

let instance: TestInstance;
beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

const check =
  checks.find(
    (one) => one.target === "kubernetes" && one.effect === "read" && one.params.safeParse({}).success,
  )?.id ?? "";
const source = { type: "token" as const, server: "https://10.20.30.40:6443", token: "t" };

async function world() {
  const team = await instance.team();
  const people = {} as Record<Role, TeamContext>;
  for (const role of roles) people[role] = await instance.member(team, role);
  const connect = async (name: string) =>
    (await connectCluster({ ctx: people.owner, input: { name, production: false, source } })).slug;
  return { ...people, staging: await connect("Staging"), prod: await connect("Prod") };
}

const idOf = ({ actor }: TeamContext) => (actor.type === "user" ? actor.userId : "");
/** As the next call would see the person. */
const again = (ctx: TeamContext) => resolveTeam({ ctx, input: { team: ctx.team.slug } });
const give = (
  by: TeamContext,
  to: TeamContext,
  cluster: string,
  role: "viewer" | "operator" | "admin" | null,
) => setClusterRole({ ctx: by, input: { userId: idOf(to), cluster, role } });
const run = (ctx: TeamContext, clusters: string[]) =>
  startRun({
    ctx,
    input: {
      clusters,
      runbook: null,
      checks: [{ id: check, params: {} }],
      confirmActive: [],
      idempotencyKey: randomUUID(),
    },
  });
const refusedOn = (cluster: string) => ({
  code: "forbidden",
  message: "forbidden-on-cluster",
  values: { cluster },
});

test("a viewer in general who is an operator on staging runs there, and nowhere else", async () => {
  const { admin, viewer, staging, prod } = await world();
  await give(admin, viewer, staging, "operator");
  const ctx = await again(viewer);
  await expect(run(ctx, [staging])).resolves.toHaveProperty("runId");
  await expect(run(ctx, [prod])).rejects.toMatchObject(refusedOn("Prod"));
  await expect(run(ctx, [staging, prod])).rejects.toMatchObject(refusedOn("Prod"));
});

test("an operator in general who is a viewer on prod runs everywhere else; taken away, there too", async () => {
  const { admin, operator, staging, prod } = await world();
  await give(admin, operator, prod, "viewer");
  expect(await listClusterRoles({ ctx: operator })).toEqual([
    { userId: idOf(operator), cluster: prod, role: "viewer" },
  ]);
  await expect(run(await again(operator), [staging, prod])).rejects.toMatchObject(refusedOn("Prod"));
  await give(admin, operator, prod, null);
  await expect(run(await again(operator), [staging, prod])).resolves.toHaveProperty("runId");
});

test("a schedule is made and changed by those who may run on all of its clusters", async () => {
  const { owner, admin, operator, staging, prod } = await world();
  const draft = scheduleDraftSchema.parse({
    ...{ name: "Nightly", cron: "0 3 * * *", timeZone: "UTC", runbook: null },
    ...{ checks: [{ id: check }], clusters: [staging, prod] },
  });
  const { scheduleId } = await createSchedule({ ctx: operator, input: draft });
  await give(admin, operator, prod, "viewer");
  const ctx = await again(operator);
  await expect(createSchedule({ ctx, input: draft })).rejects.toMatchObject(refusedOn("Prod"));
  // Not even to take prod out of it.
  await expect(
    updateSchedule({ ctx, input: { ...draft, scheduleId, clusters: [staging] } }),
  ).rejects.toMatchObject(refusedOn("Prod"));
  const schedule = await instance.db.schedule.findUniqueOrThrow({ where: { id: scheduleId } });
  const key = { key: randomUUID(), library: checks };
  await expect(startScheduled(ctx, schedule, key)).rejects.toMatchObject(refusedOn("Prod"));
  await expect(startScheduled(owner, schedule, key)).resolves.toHaveProperty("runId");
});

test("nobody gives more than they have there, changes their own, or makes an owner less", async () => {
  const { owner, admin, operator, prod, staging } = await world();
  const second = await instance.member(owner.team, "admin");
  await expect(give(admin, admin, prod, "operator")).rejects.toMatchObject({ message: "own-cluster-role" });
  await expect(give(admin, owner, prod, "viewer")).rejects.toMatchObject({ message: "owner-everywhere" });
  await give(owner, admin, prod, "viewer");
  const narrowed = await again(admin);
  await expect(give(narrowed, operator, prod, "admin")).rejects.toMatchObject({ message: "role-above-own" });
  // Taking an exception away gives what the role in the team gives.
  await give(owner, second, prod, "viewer");
  await expect(give(narrowed, second, prod, null)).rejects.toMatchObject({ message: "role-above-own" });
  await give(narrowed, operator, staging, "admin");
});

test("who becomes an owner is one everywhere, and one who leaves takes the exceptions along", async () => {
  const { owner, operator, viewer, prod } = await world();
  await give(owner, operator, prod, "viewer");
  await give(owner, viewer, prod, "admin");
  await setRole({ ctx: owner, input: { userId: idOf(operator), role: "owner" } });
  await instance.db.membership.deleteMany({ where: { userId: idOf(viewer) } });
  expect(await listClusterRoles({ ctx: owner })).toEqual([]);
  await expect(run(await again(operator), [prod])).resolves.toHaveProperty("runId");
});

test("a cluster or a member of another team is not there", async () => {
  const ours = await world();
  const theirs = await world();
  const gone = { code: "not-found" };
  await expect(give(ours.owner, theirs.viewer, ours.prod, "operator")).rejects.toMatchObject(gone);
  await theirs.owner.db.cluster.updateMany({
    where: { teamId: theirs.owner.team.id, slug: "prod" },
    data: { slug: "theirs" },
  });
  await expect(give(ours.owner, ours.viewer, "theirs", "operator")).rejects.toMatchObject(gone);
});
