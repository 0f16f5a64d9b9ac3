// A Chromium for the journeys: one that is there, else one that this user may install.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { project } from "../launcher/project.ts";
import { SentenceError } from "../launcher/sentence-error.ts";
import { aptInstall } from "./packages.ts";

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

function install(): void {
  console.log("Installing Chromium …");
  if (aptInstall(["chromium"]) && find()) return;
  spawnSync(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"], {
    cwd: project,
    stdio: ["ignore", "ignore", "inherit"],
  });
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
