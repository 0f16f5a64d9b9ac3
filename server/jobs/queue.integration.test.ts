import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#testing/database.ts";
import { type OpenQueue, openQueue } from "./queue.ts";

let database: TestDatabase;
const opened: OpenQueue[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.stop()));
  await database.close();
});

async function open(role: "web" | "worker") {
  const queue = await openQueue({ url: database.url, role, onError: () => {} });
  opened.push(queue);
  return queue;
}

const payload = (runId: string) => ({ runId, part: 0, teamId: "0190f5a0-0000-7000-8000-000000000001" });
const jobs = async () => {
  const { rows } = await database.pool.query(
    "SELECT data->>'runId' AS run, state FROM pgboss.job ORDER BY 1",
  );
  return rows;
};

test("a job is there when its transaction commits, and never otherwise", async () => {
  const queue = await open("web");
  const broken = database.db.$transaction(async (tx) => {
    await tx.team.create({ data: { slug: "rolled-back", name: "x" } });
    await queue.enqueue(tx, "run-checks", payload("rolled-back"));
    throw new Error("changed my mind");
  });
  await expect(broken).rejects.toThrow("changed my mind");
  expect(await jobs()).toEqual([]);
  expect(await database.db.team.count()).toBe(0);

  await database.db.$transaction(async (tx) => {
    await tx.team.create({ data: { slug: "kept", name: "x" } });
    await queue.enqueue(tx, "run-checks", payload("kept"));
    // Not visible to others before the commit.
    expect(await jobs()).toEqual([]);
  });
  expect(await jobs()).toEqual([{ run: "kept", state: "created" }]);
  expect(await database.db.team.count()).toBe(1);
});

test("web and worker may open it at the same time; a job reaches the worker at once and is done once", async () => {
  const [web, worker] = await Promise.all([open("web"), open("worker")]);
  const taken: string[] = [];
  await worker.work("run-checks", async ({ runId }) => {
    taken.push(runId);
  });
  const sentMs = performance.now();
  await database.db.$transaction((tx) => web.enqueue(tx, "run-checks", payload("a")));
  await vi.waitFor(() => expect(taken).toEqual(["a"]), { timeout: 30_000, interval: 5 });
  expect(performance.now() - sentMs).toBeLessThan(10_000);
  await vi.waitFor(async () => expect(await jobs()).toEqual([{ run: "a", state: "completed" }]), 30_000);
});

test("a handler that throws gives its job back", async () => {
  const worker = await open("worker");
  let attempts = 0;
  await worker.work("run-checks", async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("going down");
  });
  await database.db.$transaction((tx) => worker.enqueue(tx, "run-checks", payload("a")));
  await vi.waitFor(async () => expect(await jobs()).toEqual([{ run: "a", state: "completed" }]), 5_000);
  expect(attempts).toBe(2);
});
