import { expect, test } from "vitest";
import { z } from "zod";
import { defineCheck } from "#server/checks/define-check.ts";
import { document } from "#server/checks/needs/document.ts";
import { fakeCheck } from "#testing/fake-targets.ts";
import { selectChecks, toSelection } from "./selection.ts";
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
const load = { ...fakeCheck("endpoint/load", {}), effect: "active" as const };
const library = [chain, load, limits];
const runbooks = () => Promise.resolve([{ slug: "limits", checks: ["host/limits", "endpoint/load"] }]);
const select = async (what: string, active = false) => selectChecks(what, library, { runbooks, active });
const ids = async (what: string, active = false) =>
  (await select(what, active)).checks.map((check) => check.id);

test("a check, a runbook or all; what changes its target only when asked for", async () => {
  expect(await ids("host/limits")).toEqual(["host/limits"]);
  expect(await ids("all")).toEqual(["document/chain", "host/limits"]);
  expect(await ids("all", true)).toEqual(["document/chain", "endpoint/load", "host/limits"]);
  expect(await select("limits")).toEqual({ runbook: "limits", checks: [limits] });
  expect(await ids("endpoint/load", true)).toEqual(["endpoint/load"]);
  await expect(select("endpoint/load")).rejects.toThrow("say --active");
  await expect(select("nothing")).rejects.toThrow(/There is no runbook or check "nothing"/);
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

test("a document that no check takes is refused", () => {
  expect(() => toSelection([limits], { params: [], document: "x" })).toThrow(/takes a document/);
});
