import type { Finding, Reason, Subject } from "#common/result.ts";
import type { HostActiveOutput, Unread } from "./need.ts";

type Nothing = { skip: Pick<Reason, "what" | "detail"> } | { findings: Finding[] };

/** Why there is nothing to judge: a tool that is missing means the check does not apply, all else that nobody knows. */
export function notMeasured(
  { unread }: Unread,
  { tool, subject }: { tool: string; subject: Subject },
): Nothing {
  if (unread.code === "tool-missing") {
    return { skip: { what: tool, detail: `not installed: apt-get install ${tool}, or dnf install ${tool}` } };
  }
  const why = unread.detail ? `${unread.code}: ${unread.detail}` : unread.code;
  return withoutResult(subject, "not-measured", why);
}

export function withoutResult(subject: Subject, code: string, why: string): Nothing {
  const message = { en: `There is no result (${why}).`, "zh-CN": `没有得到结果（${why}）。` };
  return { findings: [{ verdict: "unknown", code, subject, message }] };
}

/** What the tool itself said last, for a person. */
export function lastWords({ stderr, stdout }: Pick<HostActiveOutput, "stderr" | "stdout">): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n");
  return (lines.at(-1) ?? "").slice(0, 300);
}
