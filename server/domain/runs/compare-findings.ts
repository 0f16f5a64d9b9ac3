import type { Comparison, FindingView } from "#common/contracts/run.ts";
import { compareVerdicts } from "#common/verdict.ts";
import type { Finding, Result } from "#generated/prisma/client.ts";
import type { TeamContext } from "../context.ts";
import { toFindingView } from "./views.ts";

const mostShown = 200;

type Compared = Pick<Comparison["checks"][number], "counts" | "new" | "fixed" | "changed" | "same">;
/** Enough to compare by; evidence and remedies are loaded only for what is shown. */
type Brief = Pick<Finding, "fingerprint" | "verdict" | "observed" | "ordinal">;
type Side = { result: Result; problems: Map<string, Brief> };

/** What is there now and was not, was there and is not, is there otherwise, and is there as it was. */
export async function compareFindings(
  ctx: TeamContext,
  results: { before: Result; after: Result },
): Promise<Compared> {
  const before = await readSide(ctx, results.before);
  const after = await readSide(ctx, results.after);
  const found: Record<"new" | "fixed" | "changed" | "same", string[]> = {
    new: [],
    fixed: [],
    changed: [],
    same: [],
  };
  for (const [fingerprint, now] of after.problems) {
    const then = before.problems.get(fingerprint);
    if (!then) found.new.push(fingerprint);
    else if (then.verdict !== now.verdict || then.observed !== now.observed) found.changed.push(fingerprint);
    else found.same.push(fingerprint);
  }
  for (const fingerprint of before.problems.keys()) {
    if (!after.problems.has(fingerprint)) found.fixed.push(fingerprint);
  }
  const changedBefore = new Map(
    (await load(ctx, before, found.changed, after)).map((view) => [view.fingerprint, view]),
  );
  return {
    counts: {
      new: found.new.length,
      fixed: found.fixed.length,
      changed: found.changed.length,
      same: found.same.length,
    },
    new: await load(ctx, after, found.new),
    fixed: await load(ctx, before, found.fixed),
    changed: (await load(ctx, after, found.changed)).flatMap((now) => {
      const then = changedBefore.get(now.fingerprint);
      return then ? [{ before: then, after: now }] : [];
    }),
    same: await load(ctx, after, found.same),
  };
}

/** The findings of a result that are not "all is well": those are no news when they come or go. */
async function readSide(ctx: TeamContext, result: Result): Promise<Side> {
  const rows = await ctx.db.finding.findMany({
    where: { runId: result.runId, resultId: result.id, verdict: { not: "pass" } },
    select: { fingerprint: true, verdict: true, observed: true, ordinal: true },
    orderBy: { ordinal: "asc" },
  });
  return { result, problems: new Map(rows.map((row) => [row.fingerprint, row])) };
}

/** At most 200, worst first; `rank` says whose verdicts decide, so that both halves of "changed" hold the same. */
async function load(
  ctx: TeamContext,
  from: Side,
  fingerprints: string[],
  rank = from,
): Promise<FindingView[]> {
  const verdictOf = (fingerprint: string) => rank.problems.get(fingerprint)?.verdict ?? "pass";
  const shown = [...fingerprints]
    .sort((a, b) => compareVerdicts(verdictOf(b), verdictOf(a)))
    .slice(0, mostShown);
  const rows = await ctx.db.finding.findMany({
    where: {
      runId: from.result.runId,
      resultId: from.result.id,
      ordinal: { in: shown.flatMap((fingerprint) => from.problems.get(fingerprint)?.ordinal ?? []) },
    },
  });
  const views = rows.map((row) => toFindingView(row, from.result.checkId));
  return views.sort((a, b) => shown.indexOf(a.fingerprint) - shown.indexOf(b.fingerprint));
}
