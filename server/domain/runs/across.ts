import type { Across, AcrossCheck, AcrossInput } from "#common/contracts/across.ts";
import { worstVerdict } from "#common/verdict.ts";
import type { Result } from "#generated/prisma/client.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { acrossFindings } from "./across-findings.ts";
import { acrossMeasurements } from "./across-measurements.ts";
import { acrossPairs, type Pair } from "./across-pairs.ts";
import { clusterNames, findRun, toSummaries } from "./find-run.ts";
import { isFullyRead } from "./incomparable.ts";

type RunRow = Awaited<ReturnType<typeof findRun>>;
const nothing = { onlyA: 0, onlyB: 0, differing: 0, same: 0 };
const mostChecks = 500;

/**
 * Two clusters, or two hosts, side by side, from one run or two. Nothing of one is an object of the other: what they
 * say is matched without scope (across-key.ts), and what has no counterpart is said, not counted as a difference.
 */
export async function compareAcross({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: AcrossInput;
}): Promise<Across> {
  const runA = await findRun(ctx, input.runId);
  const runB = input.with === undefined ? runA : await findRun(ctx, input.with);
  const clusters = await sidesOf(ctx, { a: runA, b: runB }, input);
  const [a, b] = await Promise.all([
    readSide(ctx, { runId: runA.id, clusterId: clusters.a.id, target: input.targetA }),
    readSide(ctx, { runId: runB.id, clusterId: clusters.b.id, target: input.targetB }),
  ]);
  const checks: AcrossCheck[] = [];
  const pairs = acrossPairs(a, b);
  for (const pair of pairs.slice(0, mostChecks)) checks.push(await compareCheck(ctx, pair));
  const [summaryA, summaryB] = await toSummaries(ctx, [runA, runB]);
  if (!summaryA || !summaryB) throw new AppError("not-found", "run-not-found");
  return {
    a: { run: summaryA, cluster: clusters.a },
    b: { run: summaryB, cluster: clusters.b },
    checks: checks.sort((one, other) => weight(other) - weight(one)),
    left: pairs.length - checks.length,
  };
}

/** The cluster of each side: the one named, else the first; of one run's two sides, two different ones. */
async function sidesOf(ctx: TeamContext, runs: { a: RunRow; b: RunRow }, input: AcrossInput) {
  const names = await clusterNames(ctx, [...runs.a.clusterIds, ...runs.b.clusterIds]);
  const find = (run: RunRow, slug: string | undefined, not?: string) => {
    const own = run.clusterIds.map((id) => names.get(id)).filter((cluster) => cluster !== undefined);
    const named = own.filter((cluster) => cluster.slug === slug);
    const found = slug === undefined ? (own.find(({ id }) => id !== not) ?? own[0]) : named[0];
    if (!found) throw new AppError("not-found", "cluster-not-found");
    return { id: found.id, slug: found.slug, name: found.name, production: found.production };
  };
  const a = find(runs.a, input.a);
  return { a, b: find(runs.b, input.b, a.id) };
}

function readSide(
  ctx: TeamContext,
  at: { runId: string; clusterId: string; target?: string },
): Promise<Result[]> {
  const { runId, clusterId, target } = at;
  return ctx.db.result.findMany({
    where: { runId, teamId: ctx.team.id, clusterId, target },
    orderBy: [{ part: "asc" }, { ordinal: "asc" }],
  });
}

async function compareCheck(ctx: TeamContext, { a, b }: Pair): Promise<AcrossCheck> {
  const shown = {
    checkId: (a ?? b)?.checkId ?? "",
    a: a ? targetOf(a) : null,
    b: b ? targetOf(b) : null,
    params: a && b ? differingParams(a, b) : [],
  };
  const why = incomparable({ a, b });
  const empty = { onlyA: [], onlyB: [], differing: [], byOwner: 0, unmatched: { a: 0, b: 0, sample: [] } };
  if (why !== null || !a || !b)
    return { ...shown, incomparable: why, counts: nothing, ...empty, measurements: [] };
  const [findings, measurements] = await Promise.all([
    acrossFindings(ctx, { a, b }),
    acrossMeasurements(ctx, { a, b }),
  ]);
  return { ...shown, incomparable: null, ...findings, measurements };
}

function targetOf({ target, targetName: name, id: resultId, verdict }: Result) {
  return { target, name, resultId, verdict };
}

/** Thresholds may well differ between clusters: that is shown, and does not keep anybody from comparing. */
function incomparable({ a, b }: Pair): AcrossCheck["incomparable"] {
  if (!b) return "only-a";
  if (!a) return "only-b";
  if (a.verdict === null || b.verdict === null) return "not-finished";
  if (a.checkVersion !== b.checkVersion) return "different-version";
  if (!isFullyRead(a) || !isFullyRead(b)) return "not-read-fully";
  return (a.verdict === "skip") === (b.verdict === "skip") ? null : "skipped";
}

function differingParams(a: Result, b: Result): AcrossCheck["params"] {
  const [of, other]: Record<string, unknown>[] = [Object(a.params), Object(b.params)];
  const names = [...new Set([...Object.keys(of ?? {}), ...Object.keys(other ?? {})])].sort();
  return names
    .map((name) => ({ name, a: JSON.stringify(of?.[name]) ?? "", b: JSON.stringify(other?.[name]) ?? "" }))
    .filter((param) => param.a !== param.b);
}

/** What differs first, then what cannot be compared, then what is the same. */
function weight({ counts, incomparable: why, onlyA, onlyB, a, b }: AcrossCheck): number {
  const worst = worstVerdict([...onlyA, ...onlyB].map(({ verdict }) => verdict));
  if (counts.onlyA + counts.onlyB > 0) return worst === "fail" ? 6 : 5;
  if (counts.differing > 0) return 4;
  if (why !== null && a && b) return 3;
  if (why !== null) return 2;
  return counts.same > 0 ? 1 : 0;
}
