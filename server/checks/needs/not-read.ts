import type { Finding, Subject } from "#common/result.ts";
import { isUnread, type Unread } from "./need.ts";

/** A part that the credential kept from us is said to be unknown; one that this server does not have is no gap. */
export function notReadFinding(
  part: string,
  fact: unknown | Unread,
  of: Subject = { kind: "Cluster", name: "cluster" },
): Finding[] {
  if (!isUnread(fact) || fact.unread.code === "not-served" || fact.unread.code === "not-recorded") return [];
  const { what, code, detail } = fact.unread;
  return [
    {
      verdict: "unknown",
      code: "not-read",
      subject: { ...of, part },
      message: {
        en: `Not looked at: ${what} (${code}).`,
        "zh-CN": `没有检查：${what}（${code}）。`,
      },
      observed: detail ? `${code}: ${detail}` : code,
    },
  ];
}
