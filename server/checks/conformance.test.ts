import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pictureSchema } from "#common/picture.ts";
import { findingSchema, reasonSchema, subjectSchema, targetKinds } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { textSchema } from "#common/text-schema.ts";
import { verdicts } from "#common/verdict.ts";
import { judgeFacts } from "../engine/judge.ts";
import type { Check } from "./define-check.ts";
import { checks } from "./registry.gen.ts";

/** Every check against its recorded facts, and what every check owes its readers, whatever it checks. */

const recordSchema = z.strictObject({
  note: z.string().min(1),
  observedAt: z.iso.datetime(),
  params: z.record(z.string(), z.unknown()).default({}),
  facts: z.record(z.string(), z.json()),
  expect: z.array(
    z.strictObject({
      code: z.string(),
      verdict: z.enum(["pass", "warn", "fail", "unknown"]),
      subject: subjectSchema.strict(),
    }),
  ),
});
type Recorded = z.infer<typeof recordSchema>;

function recordsOf(check: Check): { file: string; verdict: string; text: string }[] {
  const folder = join(import.meta.dirname, `${check.id}.facts`);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      file,
      verdict: file.slice(0, file.indexOf(".")),
      text: readFileSync(join(folder, file), "utf8"),
    }));
}

/** A judge that changes what it was given throws on a frozen object. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

function judged(check: Check, recorded: Recorded, facts: Record<string, unknown>) {
  const params = check.params.parse(recorded.params) as Record<string, unknown>;
  return judgeFacts(check, params, frozen(facts), new Date(recorded.observedAt), []);
}

const inOrder = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
const identity = ({ code, verdict, subject }: Recorded["expect"][number]) => ({
  code,
  verdict,
  subject: Object.fromEntries(Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1))),
});

/** Lists and globs come in whatever order the target gives: the facts with each of them turned round. */
function reversed(check: Check, recorded: Recorded): Record<string, unknown> {
  const needs = check.needs(check.params.parse(recorded.params) as Record<string, unknown>);
  return Object.fromEntries(
    Object.entries(recorded.facts).map(([name, fact]) => {
      const unordered = needs[name]?.type === "kubernetes.list" || needs[name]?.type === "host.glob";
      return [name, unordered && Array.isArray(fact) ? fact.toReversed() : fact];
    }),
  );
}

/** Every text below a value: anything that has an "en" or a "zh-CN" must be a whole text. */
function textsIn(value: unknown): Text[] {
  if (typeof value !== "object" || value === null) return [];
  if ("en" in value || "zh-CN" in value) return [textSchema.strict().parse(value)];
  return Object.values(value).flatMap(textsIn);
}

function expectReadable(text: Text): void {
  expect(text.en.trim()).not.toBe("");
  expect(text["zh-CN"]).toMatch(/\p{Script=Han}/u);
  expect(text.en).not.toMatch(/\p{Script=Han}/u);
  expect(`${text.en}${text["zh-CN"]}`).not.toMatch(/undefined|NaN|\[object|Infinity/);
}

describe.each(checks.map((check) => [check.id, check] as const))("%s", (id, check) => {
  const records = recordsOf(check);

  test("speaks both languages about itself", () => {
    for (const text of [check.title, check.why, check.remedy]) expectReadable(text);
    const { properties = {} } = z.toJSONSchema(check.params, { io: "input", unrepresentable: "any" });
    for (const [name, property] of Object.entries(properties))
      expect(textsIn(property).length, `parameter ${name} has no label`).toBeGreaterThan(0);
    for (const text of textsIn(properties)) expectReadable(text);
  });

  test("has a good, a bad and an odd case", () => {
    const said = records.map(({ verdict }) => verdict);
    expect(said).toContain("pass");
    expect(said.some((verdict) => verdict === "warn" || verdict === "fail")).toBe(true);
    expect(said.length).toBeGreaterThanOrEqual(3);
    for (const { file, verdict } of records) {
      expect(file).toMatch(/^[a-z]+\.[a-z0-9-]+\.json$/);
      expect(verdicts).toContain(verdict);
    }
  });

  test("needs are data that do not change", () => {
    const params = check.params.safeParse({});
    const once = () => JSON.stringify(check.needs(params.success ? params.data : {}));
    expect(once()).toBe(once());
    expect(id.startsWith(`${check.target}/`)).toBe(true);
  });

  test.each(records.map((record) => [record.file, record] as const))("%s", (_, { verdict, text }) => {
    const recorded = recordSchema.parse(JSON.parse(text));
    const params = check.params.parse(recorded.params) as Record<string, unknown>;
    expect(Object.keys(recorded.facts).sort()).toEqual(Object.keys(check.needs(params)).sort());

    const first = judged(check, recorded, recorded.facts);
    expect(first.reason?.code).not.toBe("internal");
    expect(first.verdict, JSON.stringify(first.findings.map(identity))).toBe(verdict);
    expect(inOrder(first.findings.map(identity))).toEqual(inOrder(recorded.expect.map(identity)));
    expect(judged(check, recorded, structuredClone(recorded.facts))).toEqual(first);
    const turned = judged(check, recorded, reversed(check, recorded));
    expect(inOrder(turned.findings.map(identity))).toEqual(inOrder(first.findings.map(identity)));

    for (const finding of first.findings) findingSchema.parse(finding);
    for (const picture of first.pictures) pictureSchema.parse(picture);
    expect(new Set(first.pictures.map((picture) => picture.id)).size).toBe(first.pictures.length);
    if (first.reason) reasonSchema.parse(first.reason);
    const places = first.findings.map(({ subject, code }) => JSON.stringify([subject, code]));
    expect(new Set(places).size, "two findings share a fingerprint").toBe(places.length);
    for (const each of textsIn([first.findings, first.measurements, first.pictures])) expectReadable(each);
  });
});

test("the registry holds every check file, once and sorted", () => {
  const files = targetKinds.flatMap((target) =>
    readdirSync(join(import.meta.dirname, target))
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => `${target}/${name.slice(0, -3)}`),
  );
  expect(checks.map((check) => check.id)).toEqual(files.sort());
});
