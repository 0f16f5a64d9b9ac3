import pg from "pg";
import type { RunNotices } from "#server/domain/runs/follow.ts";
import { runChannel } from "#server/domain/runs/notify.ts";

export type RunHub = RunNotices & { close(): Promise<void> };

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/**
 * One connection per process that listens for all who follow runs. It is opened with the first follower, comes back
 * by itself, and then rings for everybody, since notices sent meanwhile are gone.
 */
export function createRunHub(options: { url: string; onLost: (error: Error) => void }): RunHub {
  const followers = new Map<string, Set<() => void>>();
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let closed = false;

  function ringAll() {
    for (const rings of followers.values()) for (const ring of rings) ring();
  }

  function lost(from: pg.Client, error: Error) {
    if (client !== from) return;
    client = null;
    from.end().catch(() => {});
    if (closed) return;
    options.onLost(error);
    if (followers.size === 0) return;
    retry = setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  function open() {
    retry = undefined;
    const opened = new pg.Client({
      connectionString: options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: "weekbook live updates",
    });
    client = opened;
    opened.on("notification", ({ payload }) => {
      for (const ring of followers.get(payload ?? "") ?? []) ring();
    });
    opened.on("error", (error) => lost(opened, error));
    opened.on("end", () => lost(opened, new Error("the connection ended")));
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${runChannel}`))
      .then(() => {
        retryMs = firstRetryMs;
        ringAll();
      })
      .catch((error: Error) => lost(opened, error));
  }

  return {
    subscribe(runId, ring) {
      const rings = followers.get(runId) ?? new Set();
      followers.set(runId, rings.add(ring));
      if (!client && !retry && !closed) open();
      return () => {
        rings.delete(ring);
        if (rings.size === 0) followers.delete(runId);
      };
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
