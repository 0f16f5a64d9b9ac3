import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import type { TeamContext } from "../context.ts";
import { listSavedViews } from "./list.ts";
import { removeView } from "./remove.ts";
import { saveView } from "./save.ts";
import { updateView } from "./update.ts";

let instance: TestInstance;
let people: Record<"viewer" | "operator" | "admin", TeamContext>;

beforeAll(async () => {
  instance = await createTestInstance();
  const team = await instance.team();
  people = {
    viewer: await instance.member(team, "viewer"),
    operator: await instance.member(team, "operator"),
    admin: await instance.member(team, "admin"),
  };
});
afterAll(() => instance.close());

const failing = { name: "Failing", shared: false, query: "verdict=fail&last=7" };
const namesFor = async (ctx: TeamContext) => (await listSavedViews({ ctx })).map(({ name }) => name);

test("a private view is its owner's alone, a shared one the team's", async () => {
  const { viewer, operator, admin } = people;
  const { viewId } = await saveView({ ctx: operator, input: failing });
  expect(await namesFor(operator)).toEqual(["Failing"]);
  expect(await namesFor(viewer)).toEqual([]);
  for (const ctx of [viewer, admin]) {
    await expect(removeView({ ctx, input: { viewId } })).rejects.toMatchObject({ code: "not-found" });
  }
  await updateView({ ctx: operator, input: { viewId, name: "All failures", shared: true } });
  expect(await listSavedViews({ ctx: viewer })).toMatchObject([
    { name: "All failures", shared: true, mine: false, query: failing.query },
  ]);
  await expect(removeView({ ctx: viewer, input: { viewId } })).rejects.toMatchObject({ code: "forbidden" });
  await removeView({ ctx: admin, input: { viewId } });
  expect(await namesFor(operator)).toEqual([]);
});

test("what was kept, changed and removed is in the audit log, without what was refused", async () => {
  const events = await instance.db.auditEvent.findMany({ orderBy: { sequence: "asc" } });
  const { operator, admin } = people;
  const idOf = ({ actor }: TeamContext) => (actor.type === "user" ? actor.userId : "");
  expect(events.map(({ action, actorId, subjectName }) => [action, actorId, subjectName])).toEqual([
    ["view.saved", idOf(operator), "Failing"],
    ["view.changed", idOf(operator), "All failures"],
    ["view.removed", idOf(admin), "All failures"],
  ]);
});

test("a viewer keeps views but does not set what the team sees", async () => {
  const { viewer } = people;
  await expect(saveView({ ctx: viewer, input: { ...failing, shared: true } })).rejects.toMatchObject({
    message: "view-share-forbidden",
  });
  const { viewId } = await saveView({ ctx: viewer, input: failing });
  const again = await saveView({ ctx: viewer, input: { ...failing, query: "verdict=warn" } });
  expect(again.viewId).toBe(viewId);
  await expect(
    updateView({ ctx: viewer, input: { viewId, name: "Failing", shared: true } }),
  ).rejects.toMatchObject({ message: "view-share-forbidden" });
  expect(await listSavedViews({ ctx: viewer })).toMatchObject([{ query: "verdict=warn", mine: true }]);
});

test("a person has fifty at most", async () => {
  const ctx = people.admin;
  for (let index = 0; index < 50; index += 1) {
    await saveView({ ctx, input: { ...failing, name: `View ${index}` } });
  }
  await expect(saveView({ ctx, input: failing })).rejects.toMatchObject({ code: "too-many" });
});
