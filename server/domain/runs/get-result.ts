import type { ResultDetail } from "#common/contracts/run.ts";
import { pictureSchema } from "#common/picture.ts";
import { AppError } from "#server/errors.ts";
import type { TeamContext } from "../context.ts";
import { clusterNames, findRun } from "./find-run.ts";
import { toResultView } from "./views.ts";

/** One result with its measurements and pictures. Findings are paged apart. */
export async function getResult({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string; resultId: string };
}): Promise<ResultDetail> {
  const run = await findRun(ctx, input.runId);
  const key = { runId: run.id, id: input.resultId };
  const result = await ctx.db.result.findUnique({ where: { runId_id: key } });
  if (!result) throw new AppError("not-found", "result-not-found");
  const names = await clusterNames(ctx, [result.clusterId]);
  const measurements = await ctx.db.measurement.findMany({
    where: { runId: run.id, resultId: result.id },
    orderBy: { ordinal: "asc" },
    take: 10_000,
  });
  const pictures = await ctx.db.picture.findMany({
    where: { runId: run.id, resultId: result.id },
    orderBy: { ordinal: "asc" },
  });
  return {
    ...toResultView(result, names.get(result.clusterId)?.slug ?? result.clusterId),
    measurements: measurements.map(({ name, subject, value, unit }) => ({
      name,
      subject: subject ?? undefined,
      value,
      unit,
    })),
    // One that does not hold together is left out: the findings stand without it.
    pictures: pictures.flatMap(({ data }) => pictureSchema.safeParse(data).data ?? []),
  };
}
