import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runOnDocument } from "#testing/document-run.ts";
import { check } from "./hyperfine-json.ts";

/** What the real hyperfine exports, judged beside what hyperfine itself says of the same runs. */

const missing = spawnSync("hyperfine", ["--version"]).status !== 0;
const folder = mkdtempSync(join(tmpdir(), "weekbook-times-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(...args: string[]) {
  const file = join(folder, "result.json");
  const said = spawnSync("hyperfine", ["--style=basic", `--export-json=${file}`, ...args], {
    encoding: "utf8",
    cwd: folder,
  });
  const outcome = await runOnDocument(check, readFileSync(file, "utf8"), { warnSpreadPercent: 100 });
  return { said: said.stdout, warned: said.stderr, outcome, codes: outcome.findings.map(({ code }) => code) };
}

describe.skipIf(missing)("exports of hyperfine (needs hyperfine)", () => {
  test("how many times as fast: the same figures, with the same error", async () => {
    const { said, outcome } = await measure("-N", "--runs=12", "sleep 0.02", "sleep 0.05");
    const [, figures] = /([\d.]+ ± +[\d.]+) times faster/.exec(said) ?? [];
    expect(outcome.findings.find(({ code }) => code === "compared")?.observed).toBe(
      figures?.replace(/ +/g, " "),
    );
    expect(outcome.measurements.find(({ name }) => name === "mean")?.value).toBeGreaterThan(0.02);
  });

  test("few runs of a command that fails", async () => {
    const { codes, outcome } = await measure("-N", "--runs=3", "--ignore-failure", "false");
    expect(codes).toEqual(expect.arrayContaining(["few-runs", "commands-failed"]));
    expect(outcome.verdict).toBe("warn");
  });

  test("a first run that was slow is seen by both", async () => {
    const slow = "sh -c '[ -e warm ] || { touch warm; sleep 1; }; sleep 0.02'";
    const { codes, warned } = await measure("-N", "--runs=12", slow);
    expect(warned).toContain("first benchmarking run");
    expect(codes).toContain("slow-first-run");
  });

  test.each(["true", "sleep 0.01"])(
    "runs that lie apart are seen by both or by neither: %s",
    async (command) => {
      const { codes, warned } = await measure("-N", "--runs=60", command);
      const stands = codes.includes("outliers") || codes.includes("slow-first-run");
      expect(stands).toBe(/outliers|first benchmarking run/.test(warned));
    },
  );
});
