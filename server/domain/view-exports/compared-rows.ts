import type { Comparison } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { compareRun } from "../runs/compare.ts";
import { subjectCells, type ViewItem, type ViewRow } from "./rows.ts";

type Check = Comparison["checks"][number];
type Finding = Check["new"][number];

/** Two runs side by side as the page shows them: check by check, of each kind of difference the 200 worst. */
export async function* comparedRows(
  ctx: TeamContext,
  input: { runId: string; with?: string },
): AsyncGenerator<ViewItem> {
  const { before, after, checks } = await compareRun({ ctx, input });
  for (const check of checks) {
    const runs = { before: before?.id, after: after.id };
    yield { item: { runs, ...check }, rows: rowsOf(check, runs) };
  }
}

/** A line says what there is of it even where the findings themselves are more than are listed. */
function rowsOf(check: Check, runs: { before: string | undefined; after: string }): ViewRow[] {
  const shared = {
    ...{ before_run: runs.before, after_run: runs.after, cluster: check.cluster, check: check.checkId },
    ...{ target: check.target, before: check.before, after: check.after, incomparable: check.incomparable },
  };
  const line = (change: string, count: number | undefined, finding?: Finding): ViewRow => ({
    ...{ ...shared, change, of_this_change: count },
    ...{ finding_verdict: finding?.verdict, code: finding?.code },
    ...(finding ? subjectCells(finding.subject) : { kind: null, namespace: null, name: null, part: null }),
    ...{ message: finding?.message.en, observed: finding?.observed, fingerprint: finding?.fingerprint },
  });
  const { counts } = check;
  const lines = [
    ...check.new.map((finding) => line("new", counts.new, finding)),
    ...check.fixed.map((finding) => line("fixed", counts.fixed, finding)),
    ...check.changed.map(({ after }) => line("changed", counts.changed, after)),
    ...check.same.map((finding) => line("same", counts.same, finding)),
  ];
  return lines.length > 0
    ? lines
    : [line(check.incomparable === null ? "nothing" : "incomparable", undefined)];
}
