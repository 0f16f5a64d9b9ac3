import { expect, test } from "vitest";
import { z } from "zod";
import { defineCheck } from "#server/checks/define-check.ts";
import { document } from "#server/checks/needs/document.ts";
import { fakeCheck } from "#testing/fake-targets.ts";
import { confirmedTarget, readConfirmed, selectChecks, toSelection } from "./selection.ts";
import { UsageError } from "./sentence-errors.ts";

const text = { en: "", "zh-CN": "" };
const limits = defineCheck({
  ...{ id: "host/limits", version: 1, title: text, why: text, remedy: text },
  params: z.object({
    percent: z.number().int().max(100).default(80),
    strict: z.boolean().default(false),
    name: z.string().default(""),
  }),
  needs: {},
  judge: () => ({ findings: [] }),
});
const chain = fakeCheck("document/chain", { text: document.text() });
const impact = { en: "Loads it for 10 s.", "zh-CN": "" };
const load = { ...fakeCheck("endpoint/load", {}), effect: "active" as const, impact };
const disk = { ...fakeCheck("host/disk", {}), effect: "active" as const, impact };
const library = [chain, load, limits];
const runbooks = () => Promise.resolve([{ slug: "limits", checks: ["host/limits", "endpoint/load"] }]);
const select = async (what: string, ...agreed: string[]) =>
  selectChecks(what, library, { runbooks, confirmed: agreed.map(readConfirmed) });
const ids = async (what: string, ...agreed: string[]) =>
  (await select(what, ...agreed)).checks.map((check) => check.id);

test("a check, a runbook or all; what changes its target only when asked for", async () => {
  expect(await ids("host/limits")).toEqual(["host/limits"]);
  expect(await ids("all")).toEqual(["document/chain", "host/limits"]);
  expect(await select("limits")).toEqual({ runbook: "limits", checks: [limits] });
  expect(await ids("endpoint/load", "endpoint/load")).toEqual(["endpoint/load"]);
  await expect(select("endpoint/load")).rejects.toThrow(
    "changes or loads its target. Loads it for 10 s. To run it, say --confirm-active endpoint/load.",
  );
  await expect(select("nothing")).rejects.toThrow(/There is no runbook or check "nothing"/);
});

test.each(["all", "limits", "host/limits"])("what was agreed to never runs with %s", async (what) => {
  await expect(select(what, "endpoint/load")).rejects.toThrow("active checks run one by one");
});

test("agreeing names the target: of many hosts, which", () => {
  expect(confirmedTarget(disk, readConfirmed("host/disk@db-1"), false)).toBe("db-1");
  expect(confirmedTarget(disk, readConfirmed("host/disk"), true)).toBe("this-machine");
  expect(confirmedTarget(load, readConfirmed("endpoint/load"), false)).toBe("endpoint");
  expect(() => confirmedTarget(disk, readConfirmed("host/disk"), false)).toThrow("Name the host as well");
});

const selection = (params: string[], given?: string) =>
  toSelection([limits, chain], { params, document: given });

test("parameters are read by type, by the check that has them", () => {
  expect(selection(["percent=95", "strict=true", "name=a=b"], "PEM")).toEqual([
    { id: "host/limits", params: { percent: 95, strict: true, name: "a=b" } },
    { id: "document/chain", params: {}, document: "PEM" },
  ]);
  expect(selection([])[0]?.params).toEqual({ percent: 80, strict: false, name: "" });
});

test.each([
  [["percent"], /write it as key=value/],
  [["=1"], /write it as key=value/],
  [["depth=3"], /none of the chosen checks has such a parameter; they have name, percent, strict/],
  [["percent=many"], /--param percent of host\/limits: /],
  [["percent=101"], /--param percent of host\/limits: /],
])("refuses %j with a sentence", (params, sentence) => {
  expect(() => selection(params)).toThrow(UsageError);
  expect(() => selection(params)).toThrow(sentence);
});

test("on a registered cluster only what was given is sent, so that kept values hold for the rest", () => {
  const given = { params: ["percent=95"], document: undefined, kept: true };
  expect(toSelection([limits], given)).toEqual([{ id: "host/limits", params: { percent: 95 } }]);
  const wrong = { ...given, params: ["percent=101"] };
  expect(() => toSelection([limits], wrong)).toThrow(/--param percent of host\/limits: /);
});

test("a document that no check takes is refused", () => {
  expect(() => toSelection([limits], { params: [], document: "x" })).toThrow(/takes a document/);
});
