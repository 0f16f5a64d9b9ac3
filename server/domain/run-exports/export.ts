import { defaultLocale, type Locale } from "#common/text.ts";
import { AppError } from "#server/errors.ts";
import { recordAudit } from "../audit/record.ts";
import { makeBundle } from "../bundles/make.ts";
import type { TeamContext } from "../context.ts";
import { findRun } from "../runs/find-run.ts";
import { libraryOf } from "../team-runbooks/library-of.ts";
import { type ExportFormat, exportFormatNames, exportFormats } from "./formats.ts";
import { readReport } from "./read-report.ts";

/** What a run can be had as: in one of the formats, or as a bundle of two of them that is signed. */
export const exportNames = [...exportFormatNames, "bundle"] as const;

/** A run as a file, which the audit log knows of. Its text is made while it is read. */
export async function exportRun({
  ctx,
  input,
}: {
  ctx: TeamContext;
  input: { runId: string; format: (typeof exportNames)[number]; language?: Locale };
}): Promise<{ fileName: string; mediaType: string; body: AsyncIterable<string | Uint8Array> }> {
  const { format } = input;
  const file =
    format === "bundle" ? await makeBundle({ ctx, input }) : await reportFile(ctx, { ...input, format });
  const { runbook } = await findRun(ctx, input.runId);
  const subject = { kind: "run", id: input.runId, name: runbook ?? "" } as const;
  await ctx.db.$transaction((tx) =>
    recordAudit(tx, ctx, { action: "run.exported", subject, details: { format } }),
  );
  return file;
}

async function reportFile(
  ctx: TeamContext,
  input: { runId: string; format: keyof typeof exportFormats; language?: Locale },
) {
  const place = { teamId: ctx.team.id, runId: input.runId };
  const checks = await libraryOf(ctx, ctx.team.id);
  const report = await readReport(ctx.db, place, checks);
  if (!report) throw new AppError("not-found", "run-not-found");
  const { mediaType, extension, write }: ExportFormat = exportFormats[input.format];
  return {
    fileName: `weekbook-run-${input.runId}.${extension}`,
    mediaType,
    body: write({ ...report, checks }, { locale: input.language ?? defaultLocale }),
  };
}
