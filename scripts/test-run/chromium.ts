// A Chromium for the journeys: one that is there, else one that this user may install.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { project } from "../launcher/project.ts";
import { SentenceError } from "../launcher/sentence-error.ts";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
];

function find(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...usualPlaces, chromium.executablePath()].find(
    (path) => path !== undefined && path !== "" && existsSync(path),
  );
}

function run(command: string, args: string[]): boolean {
  const { status } = spawnSync(command, args, {
    cwd: project,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}

function install(): void {
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing Chromium with apt-get …");
    if (run("apt-get", ["update", "-qq"]))
      run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
    if (find()) return;
  }
  console.log("Installing Playwright's Chromium …");
  run(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"]);
}

export function ensureChromium(): string {
  const there = find();
  if (there !== undefined) return there;
  install();
  const installed = find();
  if (installed !== undefined) return installed;
  throw new SentenceError(
    "The journeys need a Chromium, and none is here or can be installed: install one and set CHROMIUM_PATH to it.",
  );
}
