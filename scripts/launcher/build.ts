// The production build, made where there is none or where its sources have changed since.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { project } from "./project.ts";
import { SentenceError } from "./sentence-error.ts";
import { launcherEnv, preload } from "./service.ts";

/** Runbooks and messages are read when they are shown, not when the pages are built. */
const sources = [
  "{app,components,common,server}/**/*.{ts,tsx,json,css}",
  "prisma/schema/*.prisma",
  "public/**/*.*",
  "{package-lock.json,next.config.ts,tsconfig.json,postcss.config.mjs}",
];
const isNoSource = /\.test\.tsx?$|\.facts\//;

const distDir = join(project, process.env.WEEKBOOK_DIST_DIR ?? ".next");
const stamp = join(distDir, "weekbook-sources");

function hashOfSources(): string {
  const hash = createHash("sha256").update(process.version.split(".")[0] ?? "");
  for (const path of globSync(sources, { cwd: project }).sort()) {
    if (isNoSource.test(path)) continue;
    hash.update(`${path}\0`).update(readFileSync(join(project, path)));
  }
  return hash.digest("hex");
}

function isFresh(hash: string): boolean {
  return existsSync(join(distDir, "BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

function assertWritable(): void {
  try {
    mkdirSync(distDir, { recursive: true });
    accessSync(distDir, constants.W_OK);
  } catch {
    throw new SentenceError(
      `There is no current build and this user cannot write to ${project}: let its owner run npm run build there.`,
    );
  }
}

function runNextBuild(signal: AbortSignal): Promise<{ code: number | null; output: string }> {
  const next = join(project, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, ["--import", preload, next, "build"], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", ...launcherEnv },
    signal,
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: output.trim() }));
  });
}

/** Says whether it built. A build that fails prints what Next said and ends in one sentence. */
export async function ensureBuild(signal: AbortSignal, onStart: () => void): Promise<boolean> {
  const hash = hashOfSources();
  if (isFresh(hash)) return false;
  assertWritable();
  rmSync(stamp, { force: true });
  onStart();
  const { code, output } = await runNextBuild(signal);
  if (code !== 0) {
    console.error(output);
    throw new SentenceError("The production build failed; what Next says about it stands above.");
  }
  writeFileSync(stamp, hash);
  return true;
}
