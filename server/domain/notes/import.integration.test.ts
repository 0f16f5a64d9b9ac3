import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import type { TeamContext } from "../context.ts";
import { getRunbook } from "../runbooks/get.ts";
import { listRunbooks } from "../runbooks/list.ts";
import { getTeamRunbook } from "../team-runbooks/get.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { saveTeamRunbook } from "../team-runbooks/save.ts";
import { importNotes } from "./import.ts";
import { listImports } from "./list-imports.ts";
import { publishDrafts } from "./publish-drafts.ts";
import { undoImport } from "./undo-import.ts";

let instance: TestInstance;
let ctx: TeamContext;
let stranger: TeamContext;

beforeAll(async () => {
  instance = await createTestInstance();
  stranger = await instance.member(await instance.team(), "owner");
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team(), "operator");
});
afterAll(() => instance?.close());

const check = `\`\`\`check
id: uptime
title: It is up
why: Nothing else works otherwise.
remedy: Start it.
kubernetes: {kind: Pod}
expect: object.metadata.name != ""
message: "{object.metadata.name}"
verdict: warn
\`\`\``;
const entry = (title: string, markdown = "Some text.", week: string | null = "2021-09-20") => ({
  ...{ week, title },
  sections: [{ title, depth: 0, markdown }],
});
const imported = (...entries: ReturnType<typeof entry>[]) =>
  importNotes({ ctx, input: { name: "notes.txt", entries } });
const ownTitles = async () =>
  (await listRunbooks({ ctx, input: { locale: "en" } })).filter(({ own }) => own).map(({ title }) => title);

test("entries become drafts: nobody reads, runs or finds them before they are published", async () => {
  const { importId } = await imported(entry("Clock skew", check), entry("Clock skew"), entry("时钟"));
  const [listed] = await listImports({ ctx });
  expect(listed).toMatchObject({ id: importId, name: "notes.txt", undone: null });
  expect(listed?.drafts.map(({ slug, week }) => [slug, week])).toEqual([
    ["clock-skew", "2021-09-20"],
    ["clock-skew-2", "2021-09-20"],
    ["runbook", "2021-09-20"],
  ]);
  expect(await ownTitles()).toEqual([]);
  await expect(getRunbook({ ctx, input: { slug: "clock-skew", locale: "en" } })).rejects.toMatchObject({
    code: "not-found",
  });
  const checks = async () =>
    (await libraryOf({ db: ctx.db }, ctx.team.id))
      .filter(({ id }) => id.startsWith("team/"))
      .map(({ id }) => id);
  expect(await checks()).toEqual([]);
  expect(await publishDrafts({ ctx, input: { slugs: ["clock-skew", "nothing"] } })).toEqual({
    published: ["clock-skew"],
    refused: [],
  });
  expect(await ownTitles()).toEqual(["Clock skew"]);
  expect(await checks()).toEqual(["team/clock-skew/uptime"]);
});

test("a draft with problems is kept, and refused when it is to be published, until it is mended", async () => {
  await imported(entry("Broken", "[link](javascript:alert(1)) {% nothing %}\n\n```check\nid: x\n```"));
  const [listed] = await listImports({ ctx });
  expect(listed?.drafts[0]?.problems).toBeGreaterThan(0);
  expect(await publishDrafts({ ctx, input: { slugs: ["broken"] } })).toEqual({
    published: [],
    refused: ["broken"],
  });
  const text = "---\ntitle: Mended\nsummary: Well.\n---\n\nText.\n";
  await saveTeamRunbook({ ctx, input: { slug: "broken", text, baseNumber: 1 } });
  expect(await getTeamRunbook({ ctx, input: { slug: "broken" } })).toMatchObject({ draft: true });
  expect(await publishDrafts({ ctx, input: { slugs: ["broken"] } })).toMatchObject({ published: ["broken"] });
  expect(await ownTitles()).toEqual(["Mended"]);
});

test("undone: what nobody touched is gone, what somebody wrote on is kept, and once is enough", async () => {
  const { importId } = await imported(entry("One"), entry("Two"), entry("Three"));
  const text = "---\ntitle: Two, better\nsummary: Well.\n---\n\nText.\n";
  await saveTeamRunbook({ ctx, input: { slug: "two", text, baseNumber: 1 } });
  await publishDrafts({ ctx, input: { slugs: ["three"] } });
  expect(await undoImport({ ctx, input: { importId } })).toEqual({ removed: 2, kept: ["two"] });
  expect(await ownTitles()).toEqual([]);
  const [listed] = await listImports({ ctx });
  expect(listed?.undone).not.toBeNull();
  expect(listed?.drafts.map(({ slug }) => slug)).toEqual(["two"]);
  await expect(undoImport({ ctx, input: { importId } })).rejects.toMatchObject({ code: "not-found" });
});

test("another team neither sees, publishes nor undoes it", async () => {
  const { importId } = await imported(entry("Ours"));
  expect(await listImports({ ctx: stranger })).toEqual([]);
  expect(await publishDrafts({ ctx: stranger, input: { slugs: ["ours"] } })).toEqual({
    published: [],
    refused: [],
  });
  await expect(undoImport({ ctx: stranger, input: { importId } })).rejects.toMatchObject({
    code: "not-found",
  });
  expect((await listImports({ ctx }))[0]?.drafts).toHaveLength(1);
});

test("all entries or none", async () => {
  const broken = { ...entry("Bad"), title: "x\0y" };
  await expect(imported(entry("Good"), broken)).rejects.toThrow();
  expect(await listImports({ ctx })).toEqual([]);
});
