import { z } from "zod";
import type { ParamValues } from "#common/contracts/param.ts";
import { scheduleDraftSchema } from "#common/contracts/schedule.ts";
import type { Schedule } from "#generated/prisma/client.ts";
import type { Check } from "#server/checks/define-check.ts";
import { AppError } from "#server/errors.ts";
import { describeCheck } from "../checks/describe.ts";
import type { TeamContext } from "../context.ts";
import { readKept } from "../params/read-kept.ts";
import { resolveOnClusters } from "../params/resolve-on-clusters.ts";
import { runbooksOf } from "../team-runbooks/runbooks-of.ts";

type Chosen = { id: string; params: ParamValues };
const storedSchema: z.ZodType<Chosen[]> = z.array(scheduleDraftSchema.shape.checks.unwrap().element);

export function storedChecks(schedule: Pick<Schedule, "checks">): Chosen[] {
  return storedSchema.parse(schedule.checks);
}

/** Nobody is there to agree to an active check or to paste a document. */
export function needsSomebody(check: Check): "schedule-active-check" | "schedule-document-check" | null {
  if (check.effect === "active") return "schedule-active-check";
  return describeCheck(check).takesDocument ? "schedule-document-check" : null;
}

/**
 * What a schedule runs now: its own checks, or those of its runbook as that is today, without the ones that need
 * somebody to be there or a parameter that nobody has set.
 */
export async function checksToRun(
  ctx: TeamContext,
  schedule: { runbook: string | null; checks: Chosen[]; clusterIds: readonly string[] },
  library: readonly Check[],
): Promise<Chosen[]> {
  if (schedule.runbook === null) return schedule.checks;
  const runbook = (await runbooksOf(ctx)).get(schedule.runbook);
  if (!runbook) throw new AppError("not-found", "runbook-not-found");
  const checkIds = runbook.texts.en.meta.checks;
  const { clusterIds } = schedule;
  const keptOf = await readKept(ctx, { checkIds, clusterIds });
  const runnable = library.filter(
    (check) =>
      checkIds.includes(check.id) &&
      check.blocked === undefined &&
      needsSomebody(check) === null &&
      !("error" in resolveOnClusters(check, {}, { clusterIds, keptOf })),
  );
  if (runnable.length === 0) throw new AppError("invalid", "schedule-nothing-to-run");
  return checkIds.flatMap((id) => (runnable.some((check) => check.id === id) ? [{ id, params: {} }] : []));
}
