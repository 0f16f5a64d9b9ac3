// The parts of npm test, each told by what it prints and what it counts.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../embedded-postgres.ts";
import { ensureBuild } from "../launcher/build.ts";
import { project } from "../launcher/project.ts";
import { verify } from "../verify/guards.ts";
import { ensureChromium } from "./chromium.ts";
import { atLeastOneFailure, type Counts, playwrightCounts, vitestCounts } from "./counts.ts";
import { ensureHosts, ensureServices } from "./packages.ts";
import { pageSizes, sizeTable } from "./page-size.ts";
import { runAgain } from "./run-again.ts";

/** Tests start hundreds of processes that load the same modules: they are compiled once. */
const compileCache = join(project, "node_modules", ".cache", "compiled");

function runShown(args: string[], env: Record<string, string>): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    cwd: project,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

function vitest(
  projectName: string,
  files: readonly string[],
  reportName: string,
  env: Record<string, string>,
) {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", projectName, ...files];
  const reports = ["--reporter=default", "--reporter=json", `--outputFile.json=test-results/${reportName}`];
  return runShown([...args, ...reports], env);
}

/** The counts of a project of Vitest that has run and written its report; what failed is run once more. */
async function counted(projectName: string, ok: boolean, env: Record<string, string>): Promise<Counts> {
  const again = ok
    ? undefined
    : await runAgain(projectName, (files, reportName) => vitest(projectName, files, reportName, env));
  return again ?? atLeastOneFailure(vitestCounts(`${projectName}.json`), ok);
}

/** Each guard counts as one test; the unit tests among them count as what they are. */
export async function guards(): Promise<Counts> {
  const results = await verify();
  const unit = results.find(({ name }) => name === "unit tests");
  const others = results.filter((result) => result !== unit);
  const units = await counted("unit", unit?.ok ?? false, {});
  const failed = others.filter(({ ok }) => !ok).length;
  return { passed: units.passed + others.length - failed, failed: units.failed + failed };
}

/** A server of our own that may forget everything, unless TEST_DATABASE_URL names another. */
async function testServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const dataDir = mkdtempSync(join(tmpdir(), "weekbook-test-"));
  const server = await startEmbeddedPostgres({
    dataDir,
    password: randomBytes(12).toString("hex"),
    database: "postgres",
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" },
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      try {
        rmSync(readlinkSync(join(dataDir, "postgres")), { recursive: true, force: true });
      } catch {
        // no link: the database lies in the folder itself
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function integration(): Promise<Counts> {
  ensureServices();
  ensureHosts();
  const server = await testServer();
  try {
    const env = { TEST_DATABASE_URL: server.url };
    return await counted("integration", await vitest("integration", [], "integration.json", env), env);
  } finally {
    await server.stop();
  }
}

export async function build(): Promise<Counts> {
  const began = performance.now();
  const built = await ensureBuild(new AbortController().signal, () => console.log("Building the pages …"));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(built ? `The production build took ${seconds} s` : "The production build is current");
  return { passed: 1, failed: 0 };
}

export async function pageSize(): Promise<Counts> {
  const sizes = pageSizes(join(project, process.env.WEEKBOOK_DIST_DIR ?? ".next"));
  console.log(sizeTable(sizes));
  const failed = sizes.filter(({ over }) => over).length;
  return { passed: sizes.length - failed, failed };
}

export async function journeys(): Promise<Counts> {
  const env = { CHROMIUM_PATH: ensureChromium() };
  const ok = await runShown(["node_modules/@playwright/test/cli.js", "test", "--retries=1"], env);
  return atLeastOneFailure(playwrightCounts("journeys.json"), ok);
}
