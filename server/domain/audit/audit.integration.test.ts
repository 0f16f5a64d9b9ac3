import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditDetails } from "#common/contracts/audit.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import type { TeamContext } from "../context.ts";
import { firstHash } from "./event-hash.ts";
import { recordAudit } from "./record.ts";
import { verifyChain, verifyChains } from "./verify-chain.ts";

let instance: TestInstance;

beforeAll(async () => {
  instance = await createTestInstance();
});
afterAll(() => instance.close());

async function member(): Promise<TeamContext> {
  return instance.member(await instance.team(), "owner");
}

function write(ctx: TeamContext, name = "Harbor", details?: AuditDetails): Promise<void> {
  const entry = { action: "cluster.connected", subject: { kind: "cluster", id: "harbor", name } } as const;
  return ctx.db.$transaction((tx) => recordAudit(tx, ctx, { ...entry, ...(details && { details }) }));
}

const eventsOf = (ctx: TeamContext) =>
  instance.db.auditEvent.findMany({ where: { teamId: ctx.team.id }, orderBy: { sequence: "asc" } });

/** Does what somebody does who may do everything in the database. */
async function tamper(table: string, sql: string): Promise<void> {
  await instance.pool.query(
    `ALTER TABLE ${table} DISABLE TRIGGER USER; ${sql}; ALTER TABLE ${table} ENABLE TRIGGER USER`,
  );
}

test("an event says who did what to what, and goes on from the one before", async () => {
  const ctx = await member();
  await write(ctx, "Harbor", { production: true, was: ["a", "b"] });
  await write(ctx, "Tide");
  const [first, second] = await eventsOf(ctx);
  expect(first).toMatchObject({
    ...{ sequence: 1n, action: "cluster.connected", subjectKind: "cluster", subjectName: "Harbor" },
    ...{ actorKind: "user", actorName: ctx.actor.type === "user" ? ctx.actor.name : "" },
    ...{ details: { production: true, was: ["a", "b"] }, previousHash: firstHash },
  });
  expect(second).toMatchObject({ sequence: 2n, previousHash: first?.hash });
  expect(await verifyChain(instance.db, ctx.team.id)).toEqual({
    ...{ teamId: ctx.team.id, events: 2, broken: null },
  });
});

test("what is undone leaves no event", async () => {
  const ctx = await member();
  const subject = { kind: "cluster", id: "x", name: "x" } as const;
  const undone = ctx.db.$transaction(async (tx) => {
    await recordAudit(tx, ctx, { action: "cluster.removed", subject });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await eventsOf(ctx)).toEqual([]);
  await write(ctx);
  expect(await verifyChain(instance.db, ctx.team.id)).toMatchObject({ events: 1, broken: null });
});

test("many writers at once make one chain without a fork or a gap", async () => {
  const [ctx, other] = [await member(), await member()];
  const names = Array.from({ length: 60 }, (_, index) => `cluster ${index}`);
  await Promise.all(names.flatMap((name) => [write(ctx, name), write(other, name)]));
  for (const { team } of [ctx, other]) {
    expect(await verifyChain(instance.db, team.id)).toEqual({ teamId: team.id, events: 60, broken: null });
  }
  const events = await eventsOf(ctx);
  expect(new Set(events.map(({ subjectName }) => subjectName)).size).toBe(60);
  const times = events.map(({ at }) => at.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("whatever text comes in, the hash holds for what is read back", async () => {
  const ctx = await member();
  const odd = [
    "\ud800 half",
    "nul \0",
    "漢字\u2028",
    '"\\',
    "é vs é",
    "x".repeat(5_000),
    "-0",
    "\u007f\u0001",
  ];
  for (const text of odd) await write(ctx, text, { text, list: odd, number: -0, big: 1e21, none: null });
  expect(await verifyChain(instance.db, ctx.team.id)).toMatchObject({ events: odd.length, broken: null });
});

test("what looks like a secret is not written, wherever it stands", async () => {
  const ctx = await member();
  const secrets = ["hunter2-canary", "AKIAABCDEFGHIJKLMNOP"];
  const text = `password=${secrets[0]} and ${secrets[1]}`;
  await write(ctx, text, { text, list: [text] });
  const stored = JSON.stringify(await eventsOf(ctx), (_key, value) =>
    typeof value === "bigint" ? Number(value) : value,
  );
  for (const secret of secrets) expect(stored).not.toContain(secret);
  expect(stored).toContain("[redacted]");
});

test.each([
  `UPDATE audit_event SET "actorName" = 'somebody else'`,
  "DELETE FROM audit_event",
  "TRUNCATE audit_event",
  "DELETE FROM audit_chain",
  "TRUNCATE audit_chain",
  `UPDATE audit_chain SET "sequence" = 0, hash = repeat('0', 64)`,
  `UPDATE audit_chain SET "teamId" = gen_random_uuid()`,
  `INSERT INTO audit_event SELECT * FROM audit_event LIMIT 1`,
  `INSERT INTO audit_event SELECT "teamId", "sequence" + 1, at, "actorKind", "actorId", "actorName", action,
     "subjectKind", "subjectId", "subjectName", details, "previousHash", hash FROM audit_event`,
])("the database refuses %s", async (sql) => {
  await write(await member());
  const before = await instance.db.auditEvent.count();
  await expect(instance.pool.query(sql)).rejects.toMatchObject({ code: "42501" });
  expect(await instance.db.auditEvent.count()).toBe(before);
});

test("each way to tamper is found, and its first broken link named", async () => {
  const cases = [
    {
      sql: (id: string) => `UPDATE audit_event SET "actorName" = 'x' WHERE ${id} AND "sequence" = 2`,
      problem: "hash",
      sequence: 2,
    },
    {
      sql: (id: string) => `UPDATE audit_event SET details = '{"a":1}' WHERE ${id} AND "sequence" = 3`,
      problem: "hash",
      sequence: 3,
    },
    {
      sql: (id: string) => `DELETE FROM audit_event WHERE ${id} AND "sequence" = 2`,
      problem: "gap",
      sequence: 2,
    },
    {
      sql: (id: string) => `DELETE FROM audit_event WHERE ${id} AND "sequence" = 1`,
      problem: "gap",
      sequence: 1,
    },
    {
      sql: (id: string) => `DELETE FROM audit_event WHERE ${id} AND "sequence" = 3`,
      problem: "end",
      sequence: 3,
    },
    { sql: (id: string) => `DELETE FROM audit_event WHERE ${id}`, problem: "end", sequence: 1 },
    {
      sql: (id: string) =>
        `DELETE FROM audit_event WHERE ${id} AND "sequence" = 2; UPDATE audit_event SET "sequence" = 2 WHERE ${id} AND "sequence" = 3`,
      ...{ problem: "link", sequence: 2 },
    },
  ];
  for (const { sql, problem, sequence } of cases) {
    const ctx = await member();
    for (const name of ["one", "two", "three"]) await write(ctx, name);
    await tamper("audit_event", sql(`"teamId" = '${ctx.team.id}'`));
    expect(await verifyChain(instance.db, ctx.team.id)).toMatchObject({ broken: { sequence, problem } });
  }
  const broken = (await verifyChains(instance.db)).filter((report) => report.broken);
  expect(broken).toHaveLength(cases.length);
});

test("a chain whose end was taken away too is still found", async () => {
  const ctx = await member();
  await write(ctx);
  await tamper("audit_chain", `DELETE FROM audit_chain WHERE "teamId" = '${ctx.team.id}'`);
  const report = (await verifyChains(instance.db)).find(({ teamId }) => teamId === ctx.team.id);
  expect(report?.broken).toEqual({ sequence: 2, problem: "end" });
});
