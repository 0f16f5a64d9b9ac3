import { type Picture, picturesPerResult } from "#common/picture.ts";
import {
  type Counts,
  type Coverage,
  type Finding,
  type KeptFinding,
  type Measurement,
  noCounts,
  type Reason,
} from "#common/result.ts";
import { compareVerdicts, type Verdict } from "#common/verdict.ts";
import { kept } from "#common/words.ts";
import { type Check, type Judgement, verdictOf } from "../checks/define-check.ts";
import { isUnread } from "../checks/needs/need.ts";
import { messageOf } from "./answer.ts";
import { needWords } from "./need-words.ts";

export type Judged = {
  verdict: Verdict;
  reason?: Reason;
  /** worst first, then by subject */
  findings: KeptFinding[];
  measurements: Measurement[];
  pictures: Picture[];
  counts: Counts;
};

/** The check does not apply where one of these kept it from reading; anything else means it could not be found out. */
const skipCodes: readonly string[] = ["not-served", "no-target", "not-supplied", "not-applicable"];

/**
 * From facts to a verdict, with no green that was not earned: a required need that was not read at all leaves nothing
 * to judge; one that was read in part may show a failure but never a pass. `facts` holds each need's value or
 * {unread}, as gathered now or as recorded earlier.
 */
export function judgeFacts(
  check: Check,
  params: Record<string, unknown>,
  facts: Record<string, unknown>,
  observedAt: Date,
  coverage: readonly Coverage[],
): Judged {
  let judgement: Judgement;
  try {
    const unread = unreadReasons(check, params, facts);
    if (unread.length > 0) return withoutFindings(...unreadVerdict(unread));
    judgement = check.judge(facts, params, { observedAt });
  } catch (error) {
    return withoutFindings("unknown", {
      code: "internal",
      what: `judge ${check.id}`,
      detail: messageOf(error),
    });
  }
  const missing = coverage.filter((each) => !each.optional).flatMap((each) => each.missing)[0];
  if ("skip" in judgement) {
    if (missing) return withoutFindings("unknown", missing);
    return withoutFindings("skip", { code: "not-applicable", ...judgement.skip });
  }
  const verdict = verdictOf(judgement);
  const earned = !missing || verdict === "fail";
  return {
    verdict: earned ? verdict : "unknown",
    reason: earned ? undefined : missing,
    findings: [...judgement.findings].sort(worstFirst).map(kept),
    // A rate over nothing is no number, and nothing that anybody could draw or compare.
    measurements: (judgement.measurements ?? []).filter(({ value }) => Number.isFinite(value)),
    pictures: (judgement.pictures ?? []).slice(0, picturesPerResult),
    counts: countVerdicts(judgement.findings),
  };
}

function unreadReasons(
  check: Check,
  params: Record<string, unknown>,
  facts: Record<string, unknown>,
): Reason[] {
  const reasons: Reason[] = [];
  for (const [name, need] of Object.entries(check.needs(params))) {
    const fact = facts[name];
    if (fact === undefined) {
      reasons.push({
        code: "malformed",
        what: needWords(need).what,
        detail: "it was read as nothing at all",
      });
    } else if (isUnread(fact) && (!need.optional || fact.unread.code === "cancelled")) {
      // Whoever cancelled wants no conclusion, whatever the check could do without.
      reasons.push(fact.unread);
    }
  }
  return reasons;
}

/** With several needs unread, one that may hide a failure outranks one that only means "does not apply". */
function unreadVerdict(reasons: Reason[]): [Verdict, Reason | undefined] {
  const serious = reasons.find((reason) => !skipCodes.includes(reason.code));
  return serious ? ["unknown", serious] : ["skip", reasons[0]];
}

function withoutFindings(verdict: Verdict, reason: Reason | undefined): Judged {
  return { verdict, reason, findings: [], measurements: [], pictures: [], counts: { ...noCounts } };
}

function countVerdicts(findings: readonly Finding[]): Counts {
  const counts = { ...noCounts };
  for (const finding of findings) counts[finding.verdict] += 1;
  return counts;
}

function worstFirst(a: Finding, b: Finding): number {
  return compareVerdicts(b.verdict, a.verdict) || compareText(sortKey(a), sortKey(b));
}

function sortKey({ subject, code }: Finding): string {
  return [subject.namespace ?? "", subject.name, subject.part ?? "", subject.kind, code].join("\u0000");
}

/** By code unit: the same order on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
