// Each rule of .dependency-cruiser.mjs catches what it is there for: a small project that breaks all of them.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import config from "../../.dependency-cruiser.mjs";
import { project } from "../launcher/project.ts";

/** file → its text and the rules it breaks */
const files: Record<string, { text: string; breaks: string[] }> = {
  "common/verdict.ts": { text: "export const pass = 1;", breaks: [] },
  "server/db.ts": {
    text: 'import "@prisma/adapter-pg"; export const db = 1; export type Db = 1;',
    breaks: [],
  },
  "server/api/root.ts": { text: "export type Api = 1; export const api = 1;", breaks: [] },
  "server/checks/define-check.ts": { text: "export const define = 1;", breaks: [] },
  "server/checks/needs/need.ts": { text: "export const need = 1;", breaks: [] },
  "server/connectors/dialler.ts": {
    text: 'import "node:net"; import "undici"; export const dial = 1;',
    breaks: [],
  },
  "server/engine/plan.ts": {
    text: 'import "#server/connectors/dialler.ts"; export const plan = 1;',
    breaks: [],
  },
  "server/domain/verb.ts": {
    text: 'import "#server/engine/plan.ts"; import "#server/db.ts"; export {};',
    breaks: [],
  },
  "testing/factory.ts": { text: "export const make = 1;", breaks: [] },
  "components/good.tsx": {
    text: 'import type { Api } from "#server/api/root.ts"; export const good = (a: Api) => <b>{a}</b>;',
    breaks: [],
  },
  "server/checks/host/good.ts": {
    text: 'import "../define-check.ts"; import "../needs/need.ts"; import "#common/verdict.ts";',
    breaks: [],
  },

  "common/reaches.ts": { text: 'import "#server/db.ts";', breaks: ["common-stands-alone"] },
  "common/touches.ts": { text: 'import "node:fs";', breaks: ["common-touches-nothing"] },
  "app/page.tsx": { text: 'import "#server/domain/verb.ts";', breaks: ["pages-ask-the-api"] },
  "components/values.tsx": {
    text: 'import { api } from "#server/api/root.ts"; api;',
    breaks: ["components-know-only-types"],
  },
  "components/deep.tsx": {
    text: 'import type { Db } from "#server/db.ts"; export type X = Db;',
    breaks: ["components-know-only-the-api"],
  },
  "server/renders.ts": { text: 'import "#components/good.tsx";', breaks: ["server-never-renders"] },
  "server/domain/up.ts": { text: 'import "#server/api/root.ts";', breaks: ["domain-is-below-the-api"] },
  "server/engine/up.ts": { text: 'import "#server/domain/verb.ts";', breaks: ["engine-is-below-the-domain"] },
  "server/connectors/up.ts": {
    text: 'import "#server/engine/plan.ts";',
    breaks: ["connectors-only-connect"],
  },
  "server/checks/needs/up.ts": { text: 'import "../define-check.ts";', breaks: ["needs-are-data"] },
  "server/checks/kubernetes/reaches.ts": {
    text: 'import "#server/connectors/dialler.ts";',
    breaks: ["checks-only-judge"],
  },
  "server/checks/kubernetes/touches.ts": { text: 'import "node:fs";', breaks: ["checks-touch-nothing"] },
  "server/domain/dials.ts": { text: 'import "undici";', breaks: ["only-connectors-dial"] },
  "server/jobs/dials.ts": { text: 'import "node:tls";', breaks: ["only-connectors-dial"] },
  "server/jobs/client.ts": { text: 'import "@prisma/adapter-pg";', breaks: ["one-maker-of-the-client"] },
  "server/jobs/borrows.ts": {
    text: 'import "#testing/factory.ts";',
    breaks: ["production-without-test-tools", "server-never-renders"],
  },
  "server/jobs/dev.ts": { text: 'import "vitest";', breaks: ["production-without-dev-dependencies"] },
  "sandbox/main.ts": { text: 'import "#server/db.ts";', breaks: ["practice-cluster-stands-alone"] },
  "server/jobs/gone.ts": { text: 'import "./nowhere.ts";', breaks: ["resolvable"] },
  "server/jobs/round-a.ts": { text: 'import "./round-b.ts";', breaks: ["no-circle"] },
  // a circle is told once, where it is found first
  "server/jobs/round-b.ts": { text: 'import "./round-a.ts";', breaks: [] },
};

const manifest = {
  name: "small",
  type: "module",
  imports: Object.fromEntries(
    ["common", "components", "server", "testing"].map((name) => [`#${name}/*`, `./${name}/*`]),
  ),
  dependencies: { undici: "*", "@prisma/adapter-pg": "*" },
  devDependencies: { vitest: "*" },
};

let folder: string;
const broken = new Map<string, string[]>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "weekbook-imports-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  for (const [path, { text }] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const cruise = join(project, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const lend = join(project, "scripts/verify/typescript-for-cruiser.mjs");
  const rules = join(project, ".dependency-cruiser.mjs");
  const roots = ["app", "common", "components", "sandbox", "server", "testing"];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", lend, cruise, "--config", rules, "--output-type", "json", ...roots],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  expect(stderr).toBe("");
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  for (const { from, rule } of summary.violations) broken.set(from, [...(broken.get(from) ?? []), rule.name]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(Object.entries(files))("%s", (path, { breaks }) => {
  expect([...new Set(broken.get(path) ?? [])].sort()).toEqual([...breaks].sort());
});

it("has an example for each rule", () => {
  const proven = new Set(Object.values(files).flatMap(({ breaks }) => breaks));
  expect(config.forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
});
