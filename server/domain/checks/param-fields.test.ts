import { expect, test } from "vitest";
import { z } from "zod";
import { param } from "#server/checks/needs/param.ts";
import { exampleParams, paramFields } from "./param-fields.ts";

const label = { en: "Warn above", "zh-CN": "高于此值警告" };
const params = z.object({
  warnPercent: param(z.number().min(0).max(100).default(5), { label, unit: "%", help: label }),
  windowSeconds: z.int().min(1).default(5),
  endpoint: param(z.string().min(1), { label, placeholder: "example.com:443" }),
  rootsPem: param(z.string().optional(), { label, multiline: true }),
  mode: z.enum(["strict", "lenient"]).default("strict"),
  all: z.boolean().default(false),
  limit: z.number().int().nullable().default(null),
});

test("a form field for each property, in order, with what the schema and its label say", () => {
  const fields = paramFields(params);
  expect(fields.map((field) => [field.name, field.type, field.required, field.default])).toEqual([
    ["warnPercent", "number", false, 5],
    ["windowSeconds", "integer", false, 5],
    ["endpoint", "string", true, null],
    ["rootsPem", "string", false, null],
    ["mode", "enum", false, "strict"],
    ["all", "boolean", false, false],
    ["limit", "integer", false, null],
  ]);
  expect(fields[0]).toMatchObject({ label, help: label, unit: "%", minimum: 0, maximum: 100 });
  expect(fields[1]).toMatchObject({ minimum: 1, maximum: null, label: { en: "windowSeconds" } });
  expect(fields[2]).toMatchObject({ placeholder: "example.com:443" });
  expect(fields[3]?.multiline).toBe(true);
  expect(fields[4]?.options).toEqual(["strict", "lenient"]);
});

test("what has no default gets a stand-in for showing", () => {
  expect(exampleParams(params)).toMatchObject({ endpoint: "<endpoint>", mode: "strict", warnPercent: 5 });
});
