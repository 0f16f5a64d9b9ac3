import type { Finding, Reason, Subject } from "#common/result.ts";

/** "Pod payments/web-0 nginx" */
export function subjectText({ kind, namespace, name, part }: Subject): string {
  return [kind, namespace === undefined ? name : `${namespace}/${name}`, part].filter(Boolean).join(" ");
}

/** The message with what was seen and what should be, in one line's words. */
export function findingText({ message, observed, expected }: Finding): string {
  const seen = [
    ...(observed === undefined ? [] : [`observed: ${observed}`]),
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
  ];
  return seen.length === 0 ? message.en : `${message.en} (${seen.join("; ")})`;
}

export function reasonText({ code, what, detail }: Reason): string {
  return `${code}: ${what}${detail ? ` (${detail})` : ""}`;
}

/** What other tools show in a list needs an end; it is cut between characters, and the cut is seen. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
