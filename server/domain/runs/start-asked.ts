import type { z } from "zod";
import type { startRunSchema } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import { findCluster } from "../clusters/find-cluster.ts";
import type { TeamContext } from "../context.ts";
import { checksToRun } from "../schedules/checks-to-run.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { startRun } from "./start.ts";

type Asked = Omit<z.output<typeof startRunSchema>, "checks"> & {
  checks?: z.output<typeof startRunSchema>["checks"];
};

/** Starts a run for a program: one that names a runbook and no checks means those that run without a person. */
export async function startAsked({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: Asked;
}): Promise<{ runId: string }> {
  const library = await libraryOf(ctx, ctx.team.id);
  const { checks, ...rest } = input;
  if (checks) return startRun({ ctx, input: { ...rest, checks }, library });
  if (input.runbook === null) {
    throw new AppError("invalid", "schedule-nothing-chosen");
  }
  const clusterIds: string[] = [];
  for (const slug of new Set(input.clusters)) clusterIds.push((await findCluster(ctx, slug, "operator")).id);
  const chosen = await checksToRun(ctx, { runbook: input.runbook, checks: [], clusterIds }, library);
  return startRun({ ctx, input: { ...rest, checks: chosen }, library });
}
