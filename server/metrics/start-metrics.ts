import type { Logger } from "pino";
import type { Database } from "../db.ts";
import type { Env } from "../env.ts";
import type { Metric } from "./exposition.ts";
import { listenForScrapes, type MetricsServer } from "./listen.ts";
import { watchProcess } from "./process-metrics.ts";
import { readGauges } from "./read-gauges.ts";
import { startTally } from "./tally.ts";

const keptMs = 5_000;

/** The endpoint of this worker; null where none is asked for, or its port is another's. A worker works without it. */
export async function startMetrics({
  env,
  db,
  log,
}: {
  env: Env;
  db: Database;
  log: Logger;
}): Promise<MetricsServer | null> {
  const { WEEKBOOK_METRICS_PORT: port, WEEKBOOK_METRICS_HOST: host, WEEKBOOK_METRICS_TOKEN: token } = env;
  if (port === undefined) return null;
  const onError = (error: unknown) => log.warn({ err: error }, "the metrics could not be told");
  const tally = startTally();
  const ofProcess = watchProcess();
  const gauges = shared(async () => {
    try {
      return [up(1), ...(await readGauges(db))];
    } catch (error) {
      onError(error);
      return [up(0)];
    }
  });
  const read = async () => [...(await gauges()), ...tally(), ...(await ofProcess())];
  try {
    const server = await listenForScrapes({ host, port, token: token ?? null, read, onError });
    log.info({ host, port: server.port }, "metrics are told at /metrics");
    return server;
  } catch (error) {
    onError(error);
    return null;
  }
}

/** However many ask at once or in a row, the database is asked once in five seconds. */
function shared(read: () => Promise<Metric[]>): () => Promise<Metric[]> {
  let kept: { atMs: number; metrics: Promise<Metric[]> } | undefined;
  return () => {
    if (!kept || performance.now() - kept.atMs > keptMs) kept = { atMs: performance.now(), metrics: read() };
    return kept.metrics;
  };
}

function up(value: 0 | 1): Metric {
  const help = "Whether the database told what it knows.";
  return { name: "weekbook_database_up", type: "gauge", help, samples: [{ labels: {}, value }] };
}
