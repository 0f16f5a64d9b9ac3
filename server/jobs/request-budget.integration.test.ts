import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#testing/database.ts";
import { openDatabase } from "../db.ts";
import { createSharedPermits } from "./request-budget.ts";

let database: TestDatabase;
const pools: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.close();
});

const forever = new AbortController().signal;
const onError = (error: unknown) => {
  throw error;
};

/** As many workers as asked for, each with its own connections to the database. */
function workers(count: number, budget: { ratePerSecond: number; burst: number }) {
  const connectionId = randomUUID();
  return Array.from({ length: count }, () => {
    const { db, close } = openDatabase({ url: database.url, maxConnections: 1, onPoolError: onError });
    pools.push({ close });
    return createSharedPermits({ db, connectionId, budget: { ...budget, inFlight: 4 }, onError });
  });
}

/** When each of the permits was given, in ms from now; the workers take them at the same time. */
async function take(from: ReturnType<typeof workers>, each: number): Promise<number[]> {
  const startedMs = performance.now();
  const atMs: number[] = [];
  await Promise.all(
    from.map(async (permits) => {
      for (let taken = 0; taken < each; taken += 1) {
        await permits.take(forever);
        atMs.push(performance.now() - startedMs);
      }
    }),
  );
  return atMs.toSorted((a, b) => a - b);
}

describe("three workers with one budget", () => {
  test("together send no more than it says: the burst at once, then so many a second", async () => {
    const atMs = await take(workers(3, { ratePerSecond: 10, burst: 10 }), 10);
    expect(atMs).toHaveLength(30);
    // The nth after the burst is not before n intervals of 100 ms; clocks are read to a millisecond.
    for (const [index, at] of atMs.entries()) expect(at).toBeGreaterThanOrEqual((index - 9) * 100 - 5);
    expect(atMs[9]).toBeLessThan(5_000);
  });

  test("each get their share", async () => {
    const three = workers(3, { ratePerSecond: 20, burst: 1 });
    const stop = new AbortController();
    const taken = three.map(() => 0);
    const all = three.map(async (permits, index) => {
      while (!stop.signal.aborted) {
        await permits.take(stop.signal);
        taken[index] = (taken[index] ?? 0) + 1;
        if (taken.reduce((sum, one) => sum + one, 0) >= 30) stop.abort();
      }
    });
    await Promise.allSettled(all);
    for (const share of taken) expect(share).toBeGreaterThanOrEqual(5);
  });

  test("are all held back by the Retry-After that one of them was given", async () => {
    const [one, two, three] = workers(3, { ratePerSecond: 5, burst: 10 });
    if (!one || !two || !three) throw new Error("three were asked for");
    const startedMs = performance.now();
    one.pause(600);
    await one.take(forever);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(590);
    one.pause(600);
    await vi.waitFor(
      async () => {
        const paused = await database.pool.query(`SELECT 1 FROM request_budget WHERE "pausedUntil" > now()`);
        expect(paused.rowCount).toBe(1);
      },
      { timeout: 30_000 },
    );
    const restMs = performance.now();
    await Promise.all([two.take(forever), three.take(forever)]);
    expect(performance.now() - restMs).toBeGreaterThan(200);
  });
});

test("a thousand a second cost a handful of statements", async () => {
  let statements = 0;
  const db = new Proxy(database.db, {
    get(target, name, receiver) {
      if (name === "$queryRaw") statements += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  const budget = { ratePerSecond: 1_000, burst: 1, inFlight: 4 };
  await take([createSharedPermits({ db, connectionId: randomUUID(), budget, onError })], 1_000);
  expect(statements).toBeGreaterThan(0);
  expect(statements).toBeLessThanOrEqual(8);
});

test("who waits and is cancelled stops waiting", async () => {
  const [permits] = workers(1, { ratePerSecond: 1, burst: 1 });
  await permits?.take(forever);
  const cancel = new AbortController();
  const waiting = permits?.take(cancel.signal);
  cancel.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
});
