import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { z } from "zod";
import type { CaptureFile } from "#common/contracts/run.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { requireOnAll } from "../clusters/role-on.ts";
import type { TeamContext } from "../context.ts";
import { findRun } from "./find-run.ts";

const unzip = promisify(zstdDecompress);
const factsSchema = z.object({
  needs: z.object({ capture: z.object({ pcapBase64: z.string().min(1) }) }),
});

/** The packets that a result was judged from, as a file, which the audit log knows of. */
export async function getCapture({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string; resultId: string };
}): Promise<CaptureFile> {
  const run = await findRun(ctx, input.runId);
  const key = { runId: run.id, id: input.resultId };
  const result = await ctx.db.result.findUnique({ where: { runId_id: key } });
  if (!result) throw new AppError("not-found", "result-not-found");
  await requireOnAll(ctx, [result.clusterId], "operator");
  // Judged again, it has the facts of another run: that one must be the team's as well.
  const of = { runId: result.factsRunId ?? run.id, resultId: result.factsResultId ?? result.id };
  const source = await findRun(ctx, of.runId);
  const facts = await ctx.db.facts.findUnique({
    where: { runId_resultId: { ...of, runId: source.id } },
  });
  if (!facts) throw new AppError("not-found", "result-not-found");
  const text = await unzip(facts.data, { maxOutputLength: Math.max(1, facts.byteLength) });
  const read = factsSchema.safeParse(JSON.parse(text.toString("utf8")));
  if (!read.success) throw new AppError("not-found", "result-not-found");
  await ctx.db.$transaction((tx) =>
    recordAudit(tx, ctx, {
      action: "run.captureDownloaded",
      subject: { kind: "run", id: run.id, name: run.runbook ?? "" },
      details: { check: result.checkId, target: result.targetName },
    }),
  );
  return { fileName: `capture-${result.id}.pcap`, base64: read.data.needs.capture.pcapBase64 };
}
