import type { Judgements } from "#common/contracts/run.ts";
import type { TeamContext } from "../context.ts";
import { findRun } from "./find-run.ts";

const mostShown = 200;

/** Of a run that judges again: what each result had said, and what it says now. Of any other run there is nothing. */
export async function readJudgements({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string };
}): Promise<Judgements> {
  const run = await findRun(ctx, input.runId);
  const results = await ctx.db.result.findMany({
    where: { runId: run.id, teamId: ctx.team.id, factsRunId: { not: null } },
    orderBy: [{ part: "asc" }, { ordinal: "asc" }],
    take: mostShown,
  });
  const sources = await ctx.db.result.findMany({
    where: {
      teamId: ctx.team.id,
      runId: { in: [...new Set(results.flatMap(({ factsRunId }) => factsRunId ?? []))] },
      id: { in: results.flatMap(({ factsResultId }) => factsResultId ?? []) },
    },
    select: { id: true, runId: true, verdict: true },
  });
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  const judged = results.flatMap((result) => {
    const source = sourceOf.get(result.factsResultId ?? "");
    if (!source) return [];
    const { id: resultId, checkId, targetName: name, observedAt, verdict: after } = result;
    const original = { runId: source.runId, resultId: source.id };
    return [{ resultId, checkId, name, observedAt, original, before: source.verdict, after }];
  });
  return judged.sort((a, b) => (a.observedAt?.getTime() ?? 0) - (b.observedAt?.getTime() ?? 0));
}
