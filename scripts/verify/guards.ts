import { availableParallelism } from "node:os";
import { runSteps, type Step, type StepResult } from "./steps.ts";

const bin = (path: string) => `node_modules/${path}`;
const folders = [
  "app",
  "components",
  "common",
  "server",
  "sandbox",
  "cli",
  "scripts",
  "testing",
  "e2e",
  "bench",
];

/** The longest first, so that the short ones fill the gaps. */
export const steps: readonly Step[] = [
  { name: "prisma client", args: ["scripts/generate.mjs", "--if-stale"] },
  { name: "route types", args: [bin("next/dist/bin/next"), "typegen"] },
  {
    name: "unit tests",
    args: [
      bin("vitest/vitest.mjs"),
      "run",
      "--project",
      "unit",
      "--reporter=default",
      "--reporter=json",
      "--outputFile.json=test-results/unit.json",
    ],
    after: ["prisma client"],
  },
  { name: "types", args: [bin("typescript/bin/tsc"), "--noEmit"], after: ["prisma client", "route types"] },
  { name: "unused code", args: [bin("knip/bin/knip.js"), "--no-progress"], after: ["prisma client"] },
  {
    name: "one-way imports",
    args: [
      "--import",
      "./scripts/verify/typescript-for-cruiser.mjs",
      bin("dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      ".dependency-cruiser.mjs",
      ...folders,
    ],
  },
  { name: "format and lint", args: [bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings"] },
  { name: "generated files", args: ["scripts/gen.ts", "--check"] },
  { name: "lock file", args: ["scripts/verify/lock.ts"] },
  { name: "messages", args: ["scripts/verify/messages.ts"] },
  { name: "paths in documents", args: ["scripts/verify/doc-paths.ts"] },
  { name: "words", args: ["scripts/verify/words.ts"] },
];

function show({ name, ok, seconds, output }: StepResult): void {
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(`${output}\n`);
}

/** Runs everything; the results tell what to count. */
export function verify(): Promise<StepResult[]> {
  return runSteps(steps, { atOnce: Math.max(2, availableParallelism()), onEnd: show });
}
