import type { Report, ReportResult } from "#common/contracts/report.ts";
import type { Check } from "#server/checks/define-check.ts";
import type { Database } from "#server/db.ts";
import { runErrorText } from "../runs/run-error.ts";
import { toCost, toCounts, toFindingView, toResultView } from "../runs/views.ts";

const resultsAtOnce = 100;
const findingsAtOnce = 5_000;

type Place = { teamId: string; runId: string };
type Head = Omit<Report, "results">;

/**
 * A run as it was kept, without its results: those come one after the other, with their findings, so that a run of any
 * size can be read without holding it. Null: the team has no such run.
 */
export async function readReport(
  db: Database,
  { teamId, runId }: Place,
  library: readonly Check[],
): Promise<{ head: Head; results: AsyncGenerator<ReportResult> } | null> {
  const run = await db.run.findFirst({ where: { id: runId, teamId }, omit: { selection: true } });
  if (!run) return null;
  const clusters = await db.cluster.findMany({
    where: { teamId, id: { in: run.clusterIds } },
    select: { id: true, slug: true, name: true },
  });
  const known = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const endedAt = run.endedAt ?? new Date();
  return {
    head: {
      cluster: run.clusterIds.map((id) => known.get(id)?.name ?? id).join(", "),
      runId,
      runbook: run.runbook,
      requestedBy: run.requestedBy,
      verdict: run.verdict ?? "unknown",
      counts: toCounts(run.counts),
      cost: toCost(run.cost),
      startedAt: (run.startedAt ?? endedAt).toISOString(),
      endedAt: endedAt.toISOString(),
      error: runErrorText(run.error),
    },
    results: readResults(db, runId, {
      slugOf: (id) => known.get(id)?.slug ?? id,
      titles: new Map(library.map((check) => [check.id, check.title])),
    }),
  };
}

type Names = { slugOf: (clusterId: string) => string; titles: Map<string, ReportResult["title"]> };

async function* readResults(db: Database, runId: string, names: Names): AsyncGenerator<ReportResult> {
  let after: { part: number; ordinal: number } | undefined;
  for (;;) {
    const rows = await db.result.findMany({
      where: {
        runId,
        ...(after && {
          OR: [{ part: { gt: after.part } }, { part: after.part, ordinal: { gt: after.ordinal } }],
        }),
      },
      orderBy: [{ part: "asc" }, { ordinal: "asc" }],
      take: resultsAtOnce,
    });
    for (const row of rows) yield await withFindings(db, row, names);
    if (rows.length < resultsAtOnce) return;
    after = rows.at(-1);
  }
}

async function withFindings(
  db: Database,
  row: Parameters<typeof toResultView>[0],
  { slugOf, titles }: Names,
): Promise<ReportResult> {
  const view = toResultView(row, slugOf(row.clusterId));
  const measurements = await db.measurement.findMany({
    where: { runId: row.runId, resultId: row.id },
    orderBy: { ordinal: "asc" },
    select: { name: true, subject: true, value: true, unit: true },
  });
  return {
    cluster: view.cluster,
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
    findings: await readFindings(db, row),
    measurements: measurements.map(({ subject, ...rest }) => ({ ...rest, subject: subject ?? undefined })),
  };
}

async function readFindings(
  db: Database,
  { runId, id: resultId, checkId }: { runId: string; id: string; checkId: string },
): Promise<ReportResult["findings"]> {
  const findings: ReportResult["findings"] = [];
  for (;;) {
    const page = await db.finding.findMany({
      where: { runId, resultId, ordinal: { gte: findings.length } },
      orderBy: { ordinal: "asc" },
      take: findingsAtOnce,
    });
    for (const row of page) {
      const { id: _, resultId: __, checkId: ___, ...finding } = toFindingView(row, checkId);
      findings.push(finding);
    }
    if (page.length < findingsAtOnce) return findings;
  }
}
