import type { Comparison, FindingView, RunSummary } from "#common/contracts/run.ts";
import { type Hiding, hiddenCheck, hiddenCluster, hiddenFinding, hiddenTarget } from "./redact.ts";

type Compared = Comparison["checks"][number];

/** The same for two runs side by side as for one: no evidence, nobody's name, and pseudonyms where names are hidden. */
export function redactComparison({ before, after, checks }: Comparison, hiding: Hiding | null): Comparison {
  return {
    before: before && redactedRun(before, hiding),
    after: redactedRun(after, hiding),
    checks: checks.map((check) => redactedCheck(check, hiding)),
  };
}

function redactedRun(run: RunSummary, hiding: Hiding | null): RunSummary {
  const clusters = run.clusters.map((cluster) => {
    const name = hiding ? hiddenCluster(cluster.slug, hiding) : cluster.name;
    return { ...cluster, name, slug: name };
  });
  return { ...run, clusters, requestedBy: "", runbook: null, checks: [] };
}

function redactedCheck(check: Compared, hiding: Hiding | null): Compared {
  const finding = ({ evidence: _, ...view }: FindingView): FindingView =>
    hiding ? { ...view, ...hiddenFinding(view, check.checkId, hiding), fingerprint: "" } : view;
  return {
    ...check,
    ...(hiding && {
      cluster: hiddenCluster(check.cluster, hiding),
      checkId: hiddenCheck(check.checkId, hiding),
      target: hiddenTarget(check.checkId, check.target, hiding),
    }),
    new: check.new.map(finding),
    fixed: check.fixed.map(finding),
    changed: check.changed.map((each) => ({ before: finding(each.before), after: finding(each.after) })),
    same: [],
  };
}
