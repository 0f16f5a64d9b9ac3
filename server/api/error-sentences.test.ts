import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { reasonCodes } from "#common/result.ts";
import { locales } from "#common/text.ts";
import { kubeconfigProblems } from "#server/connectors/kubernetes/access.ts";

const root = path.join(import.meta.dirname, "../..");

function sources(): string[] {
  const files = readdirSync(path.join(root, "server"), { recursive: true, encoding: "utf8" });
  const own = files.filter((file) => /^(api|domain)\/.*\.ts$/.test(file) && !file.endsWith(".test.ts"));
  return own.map((file) => readFileSync(path.join(root, "server", file), "utf8"));
}

function keysUsed(): Set<string> {
  const text = sources().join("\n");
  const thrown = [...text.matchAll(/new AppError\(\s*"[a-z-]+",\s*"([a-z-]+)"/g)];
  const fields = [...text.matchAll(/"((?:channel|field|check|param|schedule|mention|mute)-[a-z-]+)"/g)];
  return new Set(
    [...thrown, ...fields].map((match) => match[1] ?? "").concat("internal", "invalid", "not-found"),
  );
}

function keysOf(locale: string, namespace: string): string[] {
  const file = path.join(root, "messages", locale, `${namespace}.json`);
  return Object.keys(JSON.parse(readFileSync(file, "utf8"))).sort();
}

test.each(locales)("every error has its sentence in %s, and no sentence is left over", (locale) => {
  expect(keysOf(locale, "error")).toEqual([...keysUsed()].sort());
});

test.each(locales)("every reason has its sentence in %s", (locale) => {
  expect(keysOf(locale, "reason")).toEqual([...reasonCodes].sort());
});

test("a kubeconfig's problem, which is looked up beside these, is not mistaken for one of them", () => {
  const own = new Set(keysOf("en", "error"));
  expect(kubeconfigProblems.filter((problem) => own.has(problem))).toEqual([]);
});
