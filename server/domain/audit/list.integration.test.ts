import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFilterSchema } from "#common/contracts/audit.ts";
import { downloadAudit } from "#server/api/audit-download.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import type { TeamContext } from "../context.ts";
import { exportAudit } from "./export.ts";
import { listAudit } from "./list.ts";
import { recordAudit } from "./record.ts";

let instance: TestInstance;
let ctx: TeamContext;
let other: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  ctx = await instance.member(team, "admin");
  other = await instance.member(team, "operator");
  for (let index = 0; index < 7; index += 1)
    await connected(index % 2 === 0 ? ctx : other, `Cluster ${index}`);
  const stranger = await instance.member(await instance.team(), "owner");
  await connected(stranger, "Of another team");
  for (const who of [ctx, stranger]) {
    const id = who.actor.type === "user" ? who.actor.userId : "";
    const entry = { action: "account.signedIn", subject: { kind: "account", id, name: "x" } } as const;
    await instance.db.$transaction((tx) => recordAudit(tx, { actor: who.actor }, entry));
  }
});
afterAll(() => instance.close());

function connected(who: TeamContext, name: string) {
  const subject = { kind: "cluster", id: name, name } as const;
  return instance.db.$transaction((tx) => recordAudit(tx, who, { action: "cluster.connected", subject }));
}

const list = async (filter: object, limit = 50, cursor: string | null = null) =>
  listAudit({ ctx, input: { filter: auditFilterSchema.parse(filter), limit, cursor } });
const names = async (filter: object) => (await list(filter)).items.map(({ subject }) => subject.name);
const today = new Date().toISOString().slice(0, 10);

test("page by page, the newest first, and nothing of another team", async () => {
  const first = await list({}, 4);
  const second = await list({}, 4, first.next);
  expect([...first.items, ...second.items].map(({ sequence }) => sequence)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(second.next).toBeNull();
});

test("by person, action, subject and day", async () => {
  const person = other.actor.type === "user" ? other.actor.userId : "";
  expect(await names({ person })).toEqual(["Cluster 5", "Cluster 3", "Cluster 1"]);
  expect(await names({ action: "cluster.removed" })).toEqual([]);
  expect(await names({ action: "cluster.connected", kind: "cluster" })).toHaveLength(7);
  expect(await names({ subject: "cluster 3" })).toEqual(["Cluster 3"]);
  expect(await names({ subject: "%" })).toEqual([]);
  expect(await names({ from: today, to: today })).toHaveLength(7);
  expect(await names({ to: "2001-01-01" })).toEqual([]);
});

test("of accounts, those of this team's members alone", async () => {
  const { items } = await list({ scope: "accounts" });
  expect(items.map(({ actor, action }) => [actor.id, action])).toEqual([
    [ctx.actor.type === "user" ? ctx.actor.userId : "", "account.signedIn"],
  ]);
});

test("each exported line can be checked with nothing but SHA-256, and the lines with each other", async () => {
  let text = "";
  const filter = auditFilterSchema.parse({});
  for await (const part of await exportAudit({ ctx, input: { filter } })) text += part;
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(8);
  // What was just done is part of what is read.
  expect(JSON.parse(lines.at(-1) ?? "").event).toMatchObject({
    action: "auditLog.exported",
    details: { filter: ["scope=team"] },
  });
  let before = "0".repeat(64);
  for (const line of lines) {
    const { event, previousHash, hash } = JSON.parse(line);
    expect(previousHash).toBe(before);
    const written = line.slice('{"event":'.length, line.indexOf(',"hash":'));
    expect(JSON.parse(written)).toEqual(event);
    expect(createHash("sha256").update(`${previousHash}\n${written}`).digest("hex")).toBe(hash);
    before = hash;
  }
});

test("a download is for those who are signed in, from our pages and with a filter that is one", async () => {
  const get = (query = "", headers = {}) =>
    downloadAudit(
      new Request(`http://127.0.0.1:3000/api/audit/${ctx.team.slug}${query}`, { headers }),
      ctx.team.slug,
      instance.services,
    );
  expect((await get()).status).toBe(404);
  expect((await get("?action=nonsense")).status).toBe(400);
  expect((await get("", { "sec-fetch-site": "cross-site" })).status).toBe(403);
});
