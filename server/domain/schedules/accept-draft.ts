import type { ScheduleDraft, ScheduleTimes } from "#common/contracts/schedule.ts";
import type { Prisma } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { readKept } from "../params/read-kept.ts";
import { resolveOnClusters } from "../params/resolve-on-clusters.ts";
import { fieldsOf } from "../parse.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { checksToRun, needsSomebody } from "./checks-to-run.ts";
import { cronProblem, normalCron, shortestGapMs } from "./cron.ts";

type Fields = Record<string, string>;

/** What a schedule stores of a draft, or what is wrong with it at each field. */
export async function acceptDraft(ctx: TeamContext, draft: ScheduleDraft, builtIn: readonly Check[]) {
  const library = await libraryOf({ db: ctx.db, library: builtIn }, ctx.team.id);
  const { name, missedRule, enabled, runbook } = draft;
  const clusterIds: string[] = [];
  for (const slug of new Set(draft.clusters)) {
    clusterIds.push((await findCluster(ctx, slug, "operator")).id);
  }
  const times = acceptTimes(draft);
  const fields: Fields = {
    ...(clusterIds.length === 0 ? { clusters: "schedule-choose-cluster" } : {}),
    ...times.fields,
    ...(await problemsOfChecks(ctx, { draft, clusterIds, library })),
  };
  if (Object.keys(fields).length > 0) throw new AppError("invalid", "invalid", { fields });
  if (runbook !== null) await checksToRun(ctx, { runbook, checks: [], clusterIds }, library);
  const checks: Prisma.InputJsonArray = JSON.parse(JSON.stringify(draft.checks));
  return { name, missedRule, enabled, runbook, checks, clusterIds, ...times.accepted };
}

/** Its cron in its one way of writing, and what is wrong with it. */
export function acceptTimes({ cron: written, timeZone, jitterSeconds }: ScheduleTimes): {
  accepted: ScheduleTimes;
  fields: Fields;
} {
  const cron = normalCron(written);
  const problem = cronProblem({ cron, timeZone });
  const fields: Fields = problem ? { [problem.field]: problem.key } : {};
  if (!problem && jitterSeconds * 1_000 >= shortestGapMs(cron)) fields.jitterSeconds = "schedule-jitter-long";
  return { accepted: { cron, timeZone, jitterSeconds }, fields };
}

async function problemsOfChecks(
  ctx: TeamContext,
  {
    draft: { runbook, checks },
    clusterIds,
    library,
  }: { draft: ScheduleDraft; clusterIds: string[]; library: readonly Check[] },
): Promise<Fields> {
  if (runbook !== null) return checks.length > 0 ? { runbook: "schedule-runbook-or-checks" } : {};
  if (checks.length === 0) return { checks: "schedule-nothing-chosen" };
  const keptOf = await readKept(ctx, { checkIds: checks.map(({ id }) => id), clusterIds });
  const fields: Fields = {};
  for (const [index, { id, params }] of checks.entries()) {
    const check = library.find((each) => each.id === id);
    const twice = checks.findIndex((other) => other.id === id) < index;
    const problem = check ? (twice ? "check-twice" : needsSomebody(check)) : "check-unknown";
    if (problem) fields[`checks.${index}.id`] = problem;
    if (problem || !check) continue;
    const resolved = resolveOnClusters(check, params, { clusterIds, keptOf });
    if ("error" in resolved) Object.assign(fields, fieldsOf(resolved.error, `checks.${index}.params.`));
  }
  return fields;
}
