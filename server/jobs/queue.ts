import { fromPrisma, PgBoss } from "pg-boss";
import type { JobPayloads, Queue } from "../domain/context.ts";

type JobName = keyof JobPayloads;

/**
 * A job whose worker was killed is given back after `heartbeatSeconds` (10 is the least pg-boss takes) plus at most a
 * second each for the supervisor and the next poll. `expireInSeconds` lies above the longest a run may take.
 */
const queueOptions = {
  "run-checks": { heartbeatSeconds: 10, expireInSeconds: 720, retryLimit: 50, retryDelay: 1, notify: true },
  "test-connection": {
    heartbeatSeconds: 10,
    expireInSeconds: 60,
    retryLimit: 3,
    retryDelay: 1,
    notify: true,
  },
  "look-at-hosts": {
    heartbeatSeconds: 10,
    expireInSeconds: 720,
    retryLimit: 3,
    retryDelay: 1,
    notify: true,
  },
} as const satisfies Record<JobName, object>;
const deleteAfterSeconds = 24 * 3600;

/** One team with many runs leaves a place for the others. */
const concurrency: Record<JobName, { localConcurrency: number; localGroupConcurrency: number }> = {
  "run-checks": { localConcurrency: 4, localGroupConcurrency: 3 },
  "test-connection": { localConcurrency: 2, localGroupConcurrency: 2 },
  "look-at-hosts": { localConcurrency: 2, localGroupConcurrency: 1 },
};

/**
 * A notice wakes a worker at once; polling finds what was given back, and all of it should notices fail. While jobs
 * wait, a place that became free takes the next one without a pause.
 */
const polling = {
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 1,
  burstWhenReadyExceeds: 1,
  heartbeatRefreshSeconds: 3,
};

/** `signal` is aborted when the job is no longer ours: another worker may already have it. */
export type JobHandler<Name extends JobName> = (
  payload: JobPayloads[Name],
  signal: AbortSignal,
) => Promise<void>;

export type OpenQueue = Queue & {
  /** Takes jobs of this name until `stop`. A handler that throws gives its job back. */
  work<Name extends JobName>(name: Name, handler: JobHandler<Name>): Promise<void>;
  /** ends when every handler has returned; the caller has told them to */
  stop(): Promise<void>;
};

/**
 * The queue lives in its own schema of the same database, so that a row and its job commit together. The web process
 * only puts jobs in; a worker also supervises and takes them.
 */
export async function openQueue(options: {
  url: string;
  role: "web" | "worker";
  onError: (error: Error) => void;
}): Promise<OpenQueue> {
  const isWorker = options.role === "worker";
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: `weekbook-queue-${options.role}`,
    schema: "pgboss",
    max: isWorker ? 4 : 1,
    schedule: false,
    supervise: isWorker,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    queueCacheIntervalSeconds: 1,
    useListenNotify: isWorker,
  });
  boss.on("error", options.onError);
  await boss.start();
  for (const [name, settings] of Object.entries(queueOptions)) {
    await boss.createQueue(name, { ...settings, deleteAfterSeconds });
  }
  return {
    async enqueue(tx, name, payload, { behind = 0 } = {}) {
      const options = { group: { id: payload.teamId }, priority: -behind };
      await boss.send(name, payload, { db: fromPrisma(tx), ...options });
    },
    async work<Name extends JobName>(name: Name, handler: JobHandler<Name>) {
      const { localConcurrency, localGroupConcurrency } = concurrency[name];
      const options = { localConcurrency, localGroupConcurrency, ...polling };
      await boss.work<JobPayloads[Name], void, typeof options>(name, options, async (jobs) => {
        for (const job of jobs) await handler(job.data, job.signal);
      });
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}
