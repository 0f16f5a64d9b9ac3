import type { Database, DatabaseTransaction } from "../db.ts";
import { countWorkers } from "../jobs/presence.ts";
import type { Metric, Sample } from "./exposition.ts";
import { runbookMetrics } from "./runbook-metrics.ts";

/** A reader keeps every series that it ever saw: of what grows with teams and clusters there is an end. */
export const seriesInMetric = 10_000;
const statementTimeout = "5s";
const findingStates = ["open", "acknowledged", "muted", "resolved"];
const findingVerdicts = ["fail", "unknown", "warn"];
const runStatuses = ["queued", "running", "done", "cancelled", "failed"];

/** What the database knows of the whole instance, whichever worker is asked. Reads rows that are few by index. */
export async function readGauges(db: Database): Promise<Metric[]> {
  const metrics = await db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT set_config('statement_timeout', ${statementTimeout}, true)`;
      return [
        ...(await runbookMetrics(db, tx)),
        await findings(tx),
        await runs(tx),
        ...(await queue(tx)),
        await workers(tx),
      ];
    },
    { maxWait: 5_000, timeout: 30_000 },
  );
  const left = metrics.flatMap((metric) => {
    const over = metric.type === "histogram" ? 0 : metric.samples.length - seriesInMetric;
    return over > 0 ? [{ labels: { metric: metric.name }, value: over }] : [];
  });
  return [...metrics.map(bounded), leftOut(left)];
}

function bounded(metric: Metric): Metric {
  return metric.type === "histogram"
    ? metric
    : { ...metric, samples: metric.samples.slice(0, seriesInMetric) };
}

function leftOut(samples: Sample[]): Metric {
  const help = `Series left out, because a metric has ${seriesInMetric} at most.`;
  return { name: "weekbook_series_left_out", type: "gauge", help, samples };
}

async function findings(tx: DatabaseTransaction): Promise<Metric> {
  const rows = await tx.$queryRaw<
    { team: string; cluster: string; state: string; verdict: string; count: number }[]
  >`
    SELECT t.slug AS team, c.slug AS cluster, a.state, b.verdict, coalesce(n.count, 0)::int AS count
    FROM cluster c JOIN team t ON t.id = c."teamId"
      CROSS JOIN unnest(${findingStates}::text[]) AS a(state)
      CROSS JOIN unnest(${findingVerdicts}::text[]) AS b(verdict)
      LEFT JOIN (
        SELECT "clusterId", CASE WHEN state = 'muted' AND "mutedUntil" <= now() THEN 'open' ELSE state::text END AS state,
          verdict::text AS verdict, count(*) AS count
        FROM finding_state GROUP BY 1, 2, 3
      ) n ON n."clusterId" = c.id AND n.state = a.state AND n.verdict = b.verdict
    WHERE c."removedAt" IS NULL ORDER BY t.slug, c.slug, 3, 4 LIMIT ${2 * seriesInMetric}`;
  return {
    ...{ name: "weekbook_findings", type: "gauge", help: "Findings of clusters, by state and verdict." },
    samples: rows.map(({ count, ...labels }) => ({ labels, value: count })),
  };
}

async function runs(tx: DatabaseTransaction): Promise<Metric> {
  const rows = await tx.$queryRaw<{ team: string; status: string; count: number }[]>`
    SELECT t.slug AS team, a.status, coalesce(n.count, 0)::int AS count
    FROM team t CROSS JOIN unnest(${runStatuses}::text[]) AS a(status)
      LEFT JOIN (
        SELECT "teamId", status::text AS status, count(*) AS count FROM run
        WHERE status IN ('queued', 'running') OR id >= weekbook_first_uuid_at(now() - interval '24 hours')
        GROUP BY 1, 2
      ) n ON n."teamId" = t.id AND n.status = a.status
    ORDER BY t.slug, a.status LIMIT ${2 * seriesInMetric}`;
  return {
    ...{ name: "weekbook_runs", type: "gauge" },
    help: "Runs that wait or are under way, and those of the last 24 hours that have ended.",
    samples: rows.map(({ count, ...labels }) => ({ labels, value: count })),
  };
}

async function queue(tx: DatabaseTransaction): Promise<Metric[]> {
  const rows = await tx.$queryRaw<{ queue: string; waiting: number; active: number; oldest: number }[]>`
    SELECT q.name AS queue, count(*) FILTER (WHERE j.state < 'active')::int AS waiting,
      count(*) FILTER (WHERE j.state = 'active')::int AS active,
      coalesce(extract(epoch FROM now() - min(j.created_on) FILTER (WHERE j.state < 'active')), 0)::float AS oldest
    FROM pgboss.queue q LEFT JOIN pgboss.job j ON j.name = q.name AND j.state <= 'active'
    WHERE q.name NOT LIKE '\\_\\_%' GROUP BY q.name ORDER BY q.name`;
  return [
    {
      ...{
        name: "weekbook_queue_jobs",
        type: "gauge",
        help: "Jobs that wait for a worker, and those that have one.",
      },
      samples: rows.flatMap(({ queue, waiting, active }) => [
        { labels: { queue, state: "waiting" }, value: waiting },
        { labels: { queue, state: "active" }, value: active },
      ]),
    },
    {
      ...{ name: "weekbook_queue_oldest_seconds", type: "gauge", unit: "seconds" },
      help: "How long the oldest job that waits has waited; 0 where none does.",
      samples: rows.map(({ queue, oldest }) => ({ labels: { queue }, value: oldest })),
    },
  ];
}

async function workers(tx: DatabaseTransaction): Promise<Metric> {
  return {
    ...{ name: "weekbook_workers", type: "gauge", help: "Workers that are there to take jobs." },
    samples: [{ labels: {}, value: await countWorkers(tx) }],
  };
}
