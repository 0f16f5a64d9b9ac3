import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { check } from "./command-benchmark.ts";

/** The real hyperfine on commands whose times are known. */

const missing = spawnSync("hyperfine", ["--version"]).status !== 0;
const few = { warmupRuns: 0, minRuns: 2 };

describe.skipIf(missing)("commands, timed by hyperfine (needs hyperfine)", () => {
  test("a sleep of 300 ms takes that long, and a process that only starts is faster", async () => {
    const outcome = await runOnThisMachine(check, {
      ...{ ...few, command: "sleep-300-ms", compareWith: "process-start", warnSpreadPercent: 100 },
    });
    // How much the start of a process differs is the machine's own affair.
    expect(["pass", "warn"]).toContain(outcome.verdict);
    const mean = outcome.measurements.find(
      ({ name, subject }) => name === "mean" && subject === "sleep-300-ms",
    );
    expect(mean?.value).toBeGreaterThanOrEqual(0.3);
    expect(mean?.value).toBeLessThan(3);
    const [compared] = outcome.findings.filter(({ code }) => code === "compared" || code === "alike");
    expect(compared?.subject).toMatchObject({ name: "process-start", part: "sleep-300-ms" });
    expect(outcome.pictures).toHaveLength(1);
  });

  test("runs that differ by more than is allowed are said to", async () => {
    const outcome = await runOnThisMachine(check, {
      ...{ ...few, minRuns: 20, command: "process-start", warnSpreadPercent: 1 },
    });
    expect(outcome.findings.map(({ code }) => code)).toEqual(["runs-differ"]);
    expect(outcome.verdict).toBe("warn");
  });

  test("a command that writes leaves nothing behind, with the caches written out before each run", async () => {
    const outcome = await runOnThisMachine(check, {
      ...{ ...few, command: "write-64-mib", prepare: "sync", warnSpreadPercent: 100 },
    });
    expect(outcome.findings[0]?.observed).toMatch(/^± \d+ %$/);
    const left = spawnSync("sh", ["-c", "find /tmp/weekbook.*/copy -size +60M 2>/dev/null"], {
      encoding: "utf8",
    });
    expect(left.stdout).toBe("");
  });
});
