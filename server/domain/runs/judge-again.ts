import type { z } from "zod";
import type { judgeAgainSchema } from "#common/contracts/run.ts";
import type { Prisma, Result } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { fieldsOf } from "../parse.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { findRun } from "./find-run.ts";
import { notifyRun } from "./notify.ts";

type JudgeAgain = { ctx: TeamContext; input: z.output<typeof judgeAgainSchema>; library?: readonly Check[] };
type Params = JudgeAgain["input"]["params"];
type Row = Prisma.ResultCreateManyInput;

/**
 * A new run that judges the stored facts of an ended one, with the checks as they are now and these parameters on top
 * of those it had. It reads no target, and what the newest verdicts say stays as it was measured.
 */
export async function judgeRunAgain({ ctx, input, library: given }: JudgeAgain): Promise<{ runId: string }> {
  const library = given ?? (await libraryOf(ctx, ctx.team.id));
  const run = await findRun(ctx, input.runId);
  if (run.endedAt === null) throw new AppError("conflict", "run-not-ended");
  if (input.resultId === undefined) await requireOnAll(ctx, run.clusterIds, "operator");
  const results = await readResults(ctx, input);
  await requireOnAll(ctx, [...new Set(results.map(({ clusterId }) => clusterId))], "operator");
  const versions = new Map(library.map((check) => [check.id, check]));
  refuseWrongParams(results, input.params, versions);
  const clusterIds = [...new Set(results.map(({ clusterId }) => clusterId))];
  const asked = [...new Set(results.map(({ checkId }) => checkId))];
  return ctx.db.$transaction(async (tx) => {
    const teamId = ctx.team.id;
    const { id: runId } = await tx.run.create({
      data: {
        ...{ teamId, clusterIds, runbook: run.runbook, createdAt: ctx.now() },
        selection: asked.map((id) => ({ id, params: storable(input.params[id] ?? {}) })),
        requestedById: ctx.actor.type === "user" ? ctx.actor.userId : null,
        requestedBy: ctx.actor.type === "nobody" ? "nobody" : ctx.actor.name,
        judgedFromId: run.judgedFromId ?? run.id,
      },
      select: { id: true },
    });
    const parts = clusterIds.map((clusterId, ordinal) => ({ runId, ordinal, teamId, clusterId }));
    await tx.runPart.createMany({ data: parts });
    await tx.result.createMany({
      data: results.map((result, ordinal): Row => {
        const checkVersion = versions.get(result.checkId)?.version ?? result.checkVersion;
        const params = merged(result, input.params);
        const part = clusterIds.indexOf(result.clusterId);
        const target = input.past === undefined ? {} : ofThePast(result);
        return { ...again(result), ...target, runId, part, ordinal, checkVersion, params: storable(params) };
      }),
    });
    for (const { ordinal: part } of parts) await ctx.queue.enqueue(tx, "run-checks", { runId, teamId, part });
    await notifyRun(tx, runId);
    await recordAudit(tx, ctx, {
      action: "run.judgedAgain",
      subject: { kind: "run", id: runId, name: run.runbook ?? asked[0] ?? "" },
      details: { judgedFrom: run.judgedFromId ?? run.id, checks: asked },
    });
    return { runId };
  });
}

async function readResults(ctx: TeamContext, input: JudgeAgain["input"]): Promise<Result[]> {
  const { runId, resultId, past } = input;
  const results = await ctx.db.result.findMany({
    where: { runId, teamId: ctx.team.id, id: resultId, phase: "done" },
    orderBy: [{ part: "asc" }, { ordinal: "asc" }],
  });
  const [newest] = results;
  if (!newest) throw new AppError("not-found", "result-not-found");
  if (past === undefined) return results;
  const { clusterId, checkId, target } = newest;
  return ctx.db.result.findMany({
    where: {
      ...{ teamId: ctx.team.id, clusterId, checkId, target, phase: "done", factsRunId: null },
      runId: { lte: newest.factsRunId ?? runId },
    },
    orderBy: { runId: "desc" },
    take: past,
  });
}

/** One target, asked many times, is in a run once for each: told apart by whose facts and when. */
function ofThePast({ id, target, targetName, observedAt, endedAt }: Result) {
  const at = (observedAt ?? endedAt)?.toISOString().slice(0, 16).replace("T", " ") ?? "";
  return { target: `${target}@${id}`, targetName: `${targetName}, ${at} UTC` };
}

/** A judgement of a judgement is one of the same facts. */
function again(
  result: Result,
): Pick<
  Row,
  "teamId" | "clusterId" | "checkId" | "target" | "targetName" | "factsRunId" | "factsResultId" | "observedAt"
> & { phase: "waiting" } {
  const { teamId, clusterId, checkId, target, targetName, observedAt } = result;
  return {
    ...{ teamId, clusterId, checkId, target, targetName, phase: "waiting" },
    factsRunId: result.factsRunId ?? result.runId,
    factsResultId: result.factsResultId ?? result.id,
    observedAt: observedAt ?? result.endedAt,
  };
}

function merged(result: Result, params: Params): Record<string, unknown> {
  return { ...Object(result.params), ...params[result.checkId] };
}

/** Only what was typed now is refused here; what an older version had taken is for the judgement to say. */
function refuseWrongParams(results: Result[], params: Params, versions: Map<string, Check>): void {
  const fields: Record<string, string> = {};
  for (const id of Object.keys(params)) {
    const result = results.find(({ checkId }) => checkId === id);
    const check = versions.get(id);
    if (!result || !check) {
      fields[`params.${id}`] = "check-unknown";
      continue;
    }
    const parsed = check.params.strict().safeParse(merged(result, { [id]: params[id] ?? {} }));
    if (!parsed.success) Object.assign(fields, fieldsOf(parsed.error, `params.${id}.`));
  }
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "run-refused", { fields });
}

/** As it will come back from the database. */
function storable(params: Record<string, unknown>): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(params));
}
