import type { Logger } from "pino";
import type { Check } from "../checks/define-check.ts";
import { parseRanges } from "../connectors/address.ts";
import { createDialler } from "../connectors/dialler.ts";
import { createOpener } from "../crypto/vault.ts";
import { openDatabase } from "../db.ts";
import { endMutes } from "../domain/findings/end-mutes.ts";
import { pruneDeliveries } from "../domain/notifications/prune.ts";
import { createLane } from "../engine/lane.ts";
import type { Env } from "../env.ts";
import { startMetrics } from "../metrics/start-metrics.ts";
import { databaseEndpoints } from "./database-endpoints.ts";
import { fireSchedules } from "./fire-schedules.ts";
import { createRunNotices } from "./live-events.ts";
import { createLookAtHosts } from "./look-at-hosts.ts";
import { openMail } from "./open-mail.ts";
import { type Gateway, openTargets } from "./open-targets.ts";
import { holdPresence } from "./presence.ts";
import { openQueue } from "./queue.ts";
import { createRequestBudgets } from "./request-budget.ts";
import { createRunChecks } from "./run-checks.ts";
import { sendNotices } from "./send-notices.ts";
import { createRetention, ensurePartitions, sweepRuns } from "./sweep.ts";
import { createTestConnection } from "./test-connection.ts";

/** Each is a connection with its keys to agree on: more at a time are not faster, only later. */
const HOSTS_AT_ONCE = 50;
const SWEEP_INTERVAL_MS = 60_000;
const DATABASE_PATIENCE_MS = 60_000;

export type Worker = {
  /** hands running jobs back to the queue and lets go of everything */
  stop(): Promise<void>;
};

/** Takes jobs until it is stopped. `onGone` is told when the database has been away for too long to go on. */
export async function startWorker(options: {
  env: Env;
  library: readonly Check[];
  log: Logger;
  onGone: () => void;
}): Promise<Worker> {
  const { env, log } = options;
  const privateKey = env.WEEKBOOK_WORKER_PRIVATE_KEY;
  if (!privateKey)
    throw new Error("WEEKBOOK_WORKER_PRIVATE_KEY is not set: the worker cannot open credentials.");
  const opener = await createOpener({ publicKey: env.WEEKBOOK_WORKER_PUBLIC_KEY, privateKey });
  const onError = (error: unknown) => log.warn({ err: error }, "the database does not answer as it should");
  const { db, pool, close } = openDatabase({ url: env.DATABASE_URL, onPoolError: onError });
  const queue = await openQueue({ url: env.DATABASE_URL, role: "worker", onError });
  const gateway: Gateway = {
    db,
    opener,
    dialler: createDialler({
      allowedRanges: parseRanges(env.WEEKBOOK_ALLOWED_RANGES),
      forbidden: databaseEndpoints(env.DATABASE_URL),
    }),
    budgets: createRequestBudgets(db, onError),
    thisMachine: env.WEEKBOOK_THIS_MACHINE === "1",
  };
  const notices = createRunNotices(pool, onError);
  const shutdown = new AbortController();
  await queue.work(
    "run-checks",
    createRunChecks({
      ...{ db, queue, notices, log, library: options.library, shutdown: shutdown.signal },
      hostLane: createLane(HOSTS_AT_ONCE),
      openTargets: (at) => openTargets(gateway, at),
    }),
  );
  await queue.work("test-connection", createTestConnection(gateway));
  await queue.work("look-at-hosts", createLookAtHosts(gateway));

  const retain = createRetention({ db, log, keepMonths: env.WEEKBOOK_KEEP_MONTHS });
  const sweep = async () => {
    await ensurePartitions(db);
    await endMutes(db);
    await pruneDeliveries(db);
    const parts = await sweepRuns(db, queue);
    if (parts.length > 0) log.warn({ parts }, "parts of runs without a job were put back on the queue");
    await retain();
  };
  let sweeping = sweep().catch(onError);
  const sweeper = setInterval(() => {
    sweeping = sweep().catch(onError);
  }, SWEEP_INTERVAL_MS);
  const schedules = fireSchedules({ url: env.DATABASE_URL, db, queue, library: options.library, log });
  const notifications = sendNotices({
    ...{ url: env.DATABASE_URL, db, opener, log, dialler: gateway.dialler, library: options.library },
    ...{ publicUrl: env.WEEKBOOK_URL, mail: openMail(env) },
  });
  const metrics = await startMetrics({ env, db, log });
  const presence = await holdPresence({
    url: env.DATABASE_URL,
    patienceMs: DATABASE_PATIENCE_MS,
    onGone: options.onGone,
  });
  return {
    async stop() {
      clearInterval(sweeper);
      shutdown.abort();
      await metrics?.close();
      await presence.release();
      await Promise.all([schedules.stop(), notifications.stop()]);
      await queue.stop();
      await sweeping;
      notices.stop();
      await close();
    },
  };
}
