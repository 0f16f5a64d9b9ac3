import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runOnThisMachine } from "#testing/host-run.ts";
import { check } from "./linux-oom.ts";

/** Against what this machine's kernel says when it is asked directly. */

test("kills and the next in line are this machine's", async () => {
  const outcome = await runOnThisMachine(check, { days: 30, critical: "no-such-process" });
  expect(outcome.reason).toBeUndefined();
  const codes = outcome.findings.map(({ code }) => code);
  const counted = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"))?.[1];
  const killed = ["machine-out-of-memory", "group-out-of-memory", "group-kills-counted", "kills-not-in-log"];
  if (counted === "0") expect(codes).toContain("no-kill");
  else if (counted) expect(killed.some((code) => codes.includes(code))).toBe(true);

  const next = outcome.findings.find(({ code }) => code === "next-in-line");
  expect(next?.evidence?.[0]?.excerpt.split("\n")).toHaveLength(5);
  const memory = readFileSync("/proc/meminfo", "utf8");
  const share = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(memory)?.[1]);
  const measured = outcome.measurements.find(({ name }) => name === "availablePercent")?.value ?? 0;
  expect(Math.abs(measured - (share("MemAvailable") / share("MemTotal")) * 100)).toBeLessThan(20);
  expect(codes).not.toContain("critical-unprotected");
});

test("a process somebody depends on is found unprotected", async () => {
  const name = readFileSync("/proc/self/comm", "utf8").trim();
  const critical = name.replaceAll(/[^\w@.:+-]/g, "");
  const adj = Number(readFileSync("/proc/self/oom_score_adj", "utf8"));
  const outcome = await runOnThisMachine(check, { critical });
  const found = outcome.findings.some(
    ({ code, subject }) => code === "critical-unprotected" && subject.part === critical,
  );
  if (critical === name && adj >= 0) expect(found).toBe(true);
});
