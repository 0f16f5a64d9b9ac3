import type { Transition } from "#common/contracts/channel.ts";
import { compareVerdicts, type Verdict, worstVerdict } from "#common/verdict.ts";

/** What a notice says of itself; of a schedule it may be several clusters and checks. */
export type NoticeFacts = {
  kind: Transition;
  clusterIds: readonly string[];
  checkIds: readonly string[];
  verdict: Verdict;
  previousVerdict: Verdict | null;
};

/** `clusterIds` and `checkIds` null: all. */
export type ChannelRule = {
  transitions: readonly Transition[];
  clusterIds: ReadonlySet<string> | null;
  checkIds: ReadonlySet<string> | null;
  minimum: Verdict;
};

const ofFindings: readonly Transition[] = ["opened", "reopened", "worsened", "eased", "resolved"];

/**
 * Whether a channel is told. What became milder counts as what it was: whoever heard that something fails hears that it
 * only warns now. The least verdict is about findings alone.
 */
export function wants(rule: ChannelRule, notice: NoticeFacts): boolean {
  const { clusterIds, checkIds, transitions, minimum } = rule;
  if (!transitions.includes(notice.kind)) return false;
  if (clusterIds && !notice.clusterIds.some((id) => clusterIds.has(id))) return false;
  if (checkIds && !notice.checkIds.some((id) => checkIds.has(id))) return false;
  if (!ofFindings.includes(notice.kind)) return true;
  const worst = worstVerdict([notice.verdict, notice.previousVerdict ?? "skip"]);
  return compareVerdicts(worst, minimum) >= 0;
}

/** What may break through quiet hours: a finding that fails now, and did not before. */
export function isUrgent({ kind, verdict }: Pick<NoticeFacts, "kind" | "verdict">): boolean {
  return verdict === "fail" && (kind === "opened" || kind === "reopened" || kind === "worsened");
}
