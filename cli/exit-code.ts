import { exitCode, type Verdict } from "#common/verdict.ts";

export const failOnChoices = ["warn", "fail"] as const;
export type FailOn = (typeof failOnChoices)[number];

/** As of the verdict; a warning is no failure where only failures count. What was not found out is never 0. */
export function exitCodeOf(verdict: Verdict, failOn: FailOn): 0 | 1 | 2 | 3 {
  return verdict === "warn" && failOn === "fail" ? 0 : exitCode(verdict);
}
