import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";

export type OomSettings = {
  overcommit: number | null;
  panicOnOom: number | null;
  panic: number | null;
  swappiness: number | null;
};

/** A warning about one part of the host. */
export type Warn = (part: string, rest: Omit<Finding, "verdict" | "subject">) => Finding;

export const fix = (text: Text, command?: string): RemedyStep[] => [
  { purpose: "fix", text, ...(command && { command }) },
];
