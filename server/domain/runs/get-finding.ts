import { z } from "zod";
import type { FindingView } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { livesOf } from "../findings/lives-of.ts";
import { findRun } from "./find-run.ts";
import { toFindingView } from "./views.ts";

const addressSchema = z.tuple([z.uuid(), z.string().regex(/^\d{1,9}$/)]);

/** A finding by its permanent address, "<resultId>.<ordinal>". */
export async function getFinding({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string; findingId: string };
}): Promise<FindingView> {
  const address = addressSchema.safeParse(input.findingId.split("."));
  const run = await findRun(ctx, input.runId);
  if (!address.success) throw new AppError("not-found", "finding-not-found");
  const [resultId, ordinal] = address.data;
  const key = { runId: run.id, resultId, ordinal: Number(ordinal) };
  const finding = await ctx.db.finding.findUnique({ where: { runId_resultId_ordinal: key } });
  const result = await ctx.db.result.findUnique({
    where: { runId_id: { runId: run.id, id: resultId } },
    select: { checkId: true },
  });
  if (!finding || !result) throw new AppError("not-found", "finding-not-found");
  const lives = await livesOf(ctx, run, [finding]);
  return {
    ...toFindingView(finding, result.checkId),
    life: lives.get(finding.fingerprint) ?? null,
  };
}
