import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunFilter } from "#common/contracts/run.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster, makeResult, makeRun } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { firstIdAt } from "../id-time.ts";
import { listRuns } from "../runs/list.ts";
import { listPastResults } from "./list-results.ts";
import { checkWord, clusterWord, searchWords, toTsvector } from "./words.ts";

let instance: TestInstance;
let ctx: TeamContext;
/** newest first; all but every third says "ledger" */
const said: { id: string; runId: string; verdict: "fail" | "warn"; slug: string }[] = [];
const runs = 4;
const resultsEach = 5;
const began = Date.now();

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = await instance.member(await instance.team(), "viewer");
  await plant(ctx.team.id, (row) => said.unshift(row));
  await plant((await instance.team()).id, () => {});
  said.sort((a, b) => (a.runId + a.id < b.runId + b.id ? 1 : -1));
});
afterAll(() => instance.close());

/** Runs of several days, each with results of which two rows of words may tell. */
async function plant(teamId: string, onSaid: (row: (typeof said)[number]) => void): Promise<void> {
  const { db } = instance;
  const places = [await makeCluster({ db, teamId }, "prod"), await makeCluster({ db, teamId }, "stage")];
  for (let index = 0; index < runs * resultsEach; index++) {
    const day = Math.floor(index / resultsEach);
    const [prod, stage] = places;
    const cluster = (day % 2 === 0 ? prod : stage) ?? prod;
    const place = { db, teamId, clusterId: cluster?.id ?? "" };
    const id = firstIdAt(began - (runs - day) * 60_000).replace(
      "-0000-0000-",
      `-7000-8${teamId.slice(0, 3)}-`,
    );
    const run = (await db.run.findFirst({ where: { id } })) ?? (await makeRun(place, { id }));
    const verdict = index % 2 === 0 ? ("fail" as const) : ("warn" as const);
    const result = await makeResult(place, run.id, { verdict, checkId: "host/a", target: `ssh:${index}` });
    const text = index % 3 === 0 ? "nothing" : "the ledger overflows";
    const words = toTsvector([checkWord("host/a"), clusterWord(place.clusterId), ...searchWords(text)]);
    for (const ordinal of [0, 1]) {
      await instance.pool.query(`INSERT INTO result_text VALUES ($1, $2, $3, $4, $5::tsvector)`, [
        ...[run.id, result.id, ordinal, teamId, words],
      ]);
    }
    if (index % 3 !== 0) onSaid({ id: result.id, runId: run.id, verdict, slug: cluster?.slug ?? "" });
  }
}

async function everyPage(filter: RunFilter): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listPastResults>> = await listPastResults({
      ctx,
      input: { filter, cursor, limit: 3 },
    });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  return seen;
}

const idsOf = (rows: typeof said) => rows.map(({ id }) => id);

test("results with a word come newest first, page by page, each once", async () => {
  expect(said.length).toBeGreaterThan(10);
  expect(await everyPage({ text: "ledger" })).toEqual(idsOf(said));
  expect(await everyPage({ text: "ledger nowhere" })).toEqual([]);
});

test("a word goes with every other filter", async () => {
  const text = "ledger";
  expect(await everyPage({ text, cluster: "stage" })).toEqual(
    idsOf(said.filter(({ slug }) => slug === "stage")),
  );
  expect(await everyPage({ text, check: "host/a" })).toEqual(idsOf(said));
  expect(await everyPage({ text, check: "host/b" })).toEqual([]);
  expect(await everyPage({ text, verdict: "warn" })).toEqual(
    idsOf(said.filter(({ verdict }) => verdict === "warn")),
  );
  expect(await everyPage({ text, person: "nobody" })).toEqual([]);
});

test("runs in which a word was said are listed once, page by page", async () => {
  const first = await listRuns({ ctx, input: { filter: { text: "ledger" }, limit: 3 } });
  const second = await listRuns({ ctx, input: { filter: { text: "ledger" }, limit: 3, cursor: first.next } });
  const listed = [...first.items, ...second.items].map(({ id }) => id);
  expect(listed).toEqual([...new Set(said.map(({ runId }) => runId))]);
  expect(second.next).toBeNull();
});
