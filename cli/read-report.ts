import type { Check } from "#server/checks/define-check.ts";
import type { Database } from "#server/db.ts";
import { runErrorText } from "#server/domain/runs/run-error.ts";
import { toCounts, toFindingView, toResultView } from "#server/domain/runs/views.ts";
import { type Report, type ReportResult, summarise } from "./report.ts";

const FINDINGS_PER_PAGE = 5_000;

/** A run that has ended, as it was kept. */
export async function readReport(db: Database, runId: string, library: readonly Check[]): Promise<Report> {
  const run = await db.run.findUniqueOrThrow({ where: { id: runId } });
  const clusters = await db.cluster.findMany({
    where: { id: { in: run.clusterIds } },
    select: { id: true, slug: true, name: true },
  });
  const slugs = new Map(clusters.map(({ id, slug }) => [id, slug]));
  const rows = await db.result.findMany({
    where: { runId },
    orderBy: [{ part: "asc" }, { ordinal: "asc" }],
  });
  const titles = new Map(library.map((check) => [check.id, check.title]));
  const results: ReportResult[] = [];
  for (const row of rows) {
    const view = toResultView(row, slugs.get(row.clusterId) ?? row.clusterId);
    const measurements = await db.measurement.findMany({
      where: { runId, resultId: row.id },
      orderBy: { ordinal: "asc" },
      select: { name: true, subject: true, value: true, unit: true },
    });
    results.push({
      check: view.checkId,
      version: view.checkVersion,
      title: titles.get(view.checkId) ?? { en: view.checkId, "zh-CN": view.checkId },
      target: view.targetName,
      params: view.params,
      verdict: view.verdict ?? "unknown",
      reason: view.reason,
      counts: view.counts,
      coverage: view.coverage,
      cost: view.cost,
      findings: await readFindings(db, runId, row),
      measurements: measurements.map(({ subject, ...rest }) => ({ ...rest, subject: subject ?? undefined })),
    });
  }
  const endedAt = run.endedAt ?? new Date();
  const cost = rows.length > 0 ? { calls: 0, bytes: 0, throttled: 0, seconds: 0, ...Object(run.cost) } : null;
  return {
    ...{
      cluster: clusters.map(({ name }) => name).join(", "),
      runId,
      runbook: run.runbook,
      ...summarise(results),
      cost,
      results,
    },
    verdict: run.verdict ?? "unknown",
    counts: toCounts(run.counts),
    startedAt: (run.startedAt ?? endedAt).toISOString(),
    endedAt: endedAt.toISOString(),
    error: runErrorText(run.error),
  };
}

async function readFindings(
  db: Database,
  runId: string,
  result: { id: string; checkId: string },
): Promise<ReportResult["findings"]> {
  const findings: ReportResult["findings"] = [];
  for (;;) {
    const page = await db.finding.findMany({
      where: { runId, resultId: result.id, ordinal: { gte: findings.length } },
      orderBy: { ordinal: "asc" },
      take: FINDINGS_PER_PAGE,
    });
    for (const row of page) {
      const { id: _, resultId: __, checkId: ___, ...finding } = toFindingView(row, result.checkId);
      findings.push(finding);
    }
    if (page.length < FINDINGS_PER_PAGE) return findings;
  }
}
