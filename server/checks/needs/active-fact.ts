import type { Finding, Reason, Subject } from "#common/result.ts";
import type { HostActiveOutput, Unread } from "./need.ts";

type Nothing = { skip: Pick<Reason, "what" | "detail"> } | { findings: Finding[] };

/** Why there is nothing to judge: a tool that is missing means the check does not apply, all else that nobody knows. */
export function notMeasured(
  { unread }: Unread,
  { tool, subject }: { tool: string; subject: Subject },
): Nothing {
  if (unread.code === "tool-missing") {
    const missing = /(\S+) is not installed/.exec(unread.detail ?? "")?.[1] ?? tool;
    return { skip: { what: missing, detail: `not installed: ${installed(packageOf(missing))}` } };
  }
  const why = unread.detail ? `${unread.code}: ${unread.detail}` : unread.code;
  return withoutResult(subject, "not-measured", why);
}

/** What stands around the tool: where a system is so small, one package has all of it. */
const packageOf = (tool: string) => (/^(timeout|mktemp|head|base64|id)$/.test(tool) ? "coreutils" : tool);

/** By family: Debian and Ubuntu, Fedora and RHEL, Alpine. RHEL itself has not everything that Fedora has. */
function installed(name: string): string {
  const epel = name === "hyperfine" ? " (on RHEL from EPEL)" : "";
  return `apt-get install ${name}, dnf install ${name}${epel}, or apk add ${name}`;
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
