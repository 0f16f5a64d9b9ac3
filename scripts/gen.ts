// Writes the files that are made from others. With --check it writes nothing and fails where one is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkIds, checksRegistry, findChecks } from "./gen/checks.ts";
import { checksPage } from "./gen/checks-page.ts";
import { coveragePage } from "./gen/coverage-page.ts";
import { faultsRegistry, findFaults } from "./gen/faults.ts";
import type { Generated } from "./gen/generated.ts";
import { findTools, toolsRegistry } from "./gen/tools.ts";

const root = join(import.meta.dirname, "..");

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isStale({ path, text }: Generated): boolean {
  return currentText(join(root, path)) !== text;
}

function write({ path, text }: Generated): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const checkOnly = process.argv.includes("--check");
const { checks, problems } = await findChecks(root);
const tools = findTools(root);
const faults = findFaults(root);
problems.push(...tools.problems);

const generated = [
  checksRegistry(checks.map((check) => check.id)),
  toolsRegistry(tools.ids),
  faultsRegistry(faults),
  checksPage(checks),
  coveragePage(root),
];
const stale = generated.filter(isStale);
if (checkOnly)
  problems.push(...stale.map(({ path }) => `${path} is stale: run "npm run gen" and commit it.`));
else stale.forEach(write);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `${checkIds(root).length} checks, ${tools.ids.length} tools and ${faults.length} faults; ` +
      (stale.length > 0 ? `wrote ${stale.map(({ path }) => path).join(", ")}` : "everything is fresh"),
  );
