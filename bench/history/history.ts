// The history of a year: pages and filters against the same by hand, the overview, writing, and a run with 50,000 findings.
import { checks } from "#server/checks/registry.gen.ts";
import type { TeamContext } from "#server/domain/context.ts";
import { listPastResults } from "#server/domain/history/list-results.ts";
import { searchWords, toTsquery } from "#server/domain/history/words.ts";
import { getOverview } from "#server/domain/overview/get.ts";
import { loadRunbooks } from "#server/domain/runbooks/load-runbooks.ts";
import { listRuns } from "#server/domain/runs/list.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { median, percentile, type Row, row } from "../report.ts";
import { generateHistory } from "./generate.ts";
import { type Case, casesOf, resultsByHand, runsByHand } from "./queries.ts";
import { measureWriting } from "./writing.ts";

const times = 20;
const limit = 50;
const goals = { page: { most: 200 }, ratio: { most: 3 }, overview: { most: 300 } };

type Options = { rounds: number; results: number; log: (line: string) => void };

/** Every round asks each page twenty times, ours and by hand in turns. */
export async function history({ rounds, results, log }: Options): Promise<Row[]> {
  const instance = await createTestInstance();
  try {
    const team = await instance.team();
    const ctx = await instance.member(team, "admin");
    const runbooks = [...(await loadRunbooks()).values()];
    const ids = checks.map(({ id }) => id);
    const order = { teamId: team.id, results, checks: ids, runbooks: runbooks.map(({ slug }) => slug), log };
    await generateHistory(instance.pool, order);
    const titles = new Map(
      checks.map(({ id, title }) => [id, searchWords(`${id} ${title.en} ${title["zh-CN"]}`)]),
    );
    const tsqueryOf = (text: string) => toTsquery(text, titles) ?? "";
    const which = { check: ids[7] ?? "", runbook: runbooks[7]?.slug ?? "", now: Date.now() };
    const cases = casesOf({ ...which, tsqueryOf });
    const rows = await measurePages(instance, { ctx, cases, rounds, log });
    const overview: number[] = [];
    await getOverview({ ctx, input: { locale: "en" } });
    for (let round = 0; round < rounds; round += 1) {
      overview.push(percentile(await taken(() => getOverview({ ctx, input: { locale: "en" } })), 95));
    }
    const of = `50 clusters × ${runbooks.length} runbooks`;
    rows.push(row("history", `overview, ${of}, p95`, "ms", overview, goals.overview));
    return [...rows, ...(await measureWriting(instance, ctx, { rounds, log }))];
  } finally {
    await instance.close();
  }
}

type Pages = { ctx: TeamContext; cases: Case[]; rounds: number; log: Options["log"] };
type Measured = { p95: number[]; ratio: number[] };

async function measurePages(instance: TestInstance, { ctx, cases, rounds, log }: Pages): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of ["runs", "results"] as const) {
    const list = what === "runs" ? listRuns : listPastResults;
    const byHand = what === "runs" ? runsByHand : resultsByHand;
    for (const each of cases) {
      const { p95, ratio }: Measured = { p95: [], ratio: [] };
      const text = byHand(each[what]);
      const hand = () => instance.pool.query({ text, values: [ctx.team.id, ...each.values] });
      const ours = () => list({ ctx, input: { filter: each.filter, limit } });
      await assertSame(ours, hand, `${what}, ${each.name}`);
      for (let round = 0; round < rounds; round += 1) {
        const [mine, theirs] = await inTurns(ours, hand);
        p95.push(percentile(mine, 95));
        ratio.push(median(mine) / median(theirs));
      }
      const name = `${what}, ${each.name}`;
      log(`${name}: p95 ${median(p95).toFixed(0)} ms, ${median(ratio).toFixed(2)} × by hand`);
      rows.push(row("history", `${name}, p95`, "ms", p95, goals.page));
      rows.push(row("history", `${name}, ours ÷ by hand`, "×", ratio, goals.ratio));
    }
  }
  return rows;
}

/** Both say the same before either is timed: the same ids in the same order. */
async function assertSame(
  ours: () => Promise<{ items: { id: string }[] }>,
  hand: () => Promise<{ rows: { id: string }[] }>,
  name: string,
): Promise<void> {
  const mine = (await ours()).items.map(({ id }) => id).join();
  const theirs = (await hand()).rows.slice(0, limit).map(({ id }) => id);
  if (mine !== theirs.join()) throw new Error(`${name}: ours and the one by hand list different rows`);
}

async function inTurns(first: () => Promise<unknown>, second: () => Promise<unknown>) {
  const spans: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    spans[0].push(await spanOf(first));
    spans[1].push(await spanOf(second));
  }
  return spans;
}

async function taken(work: () => Promise<unknown>): Promise<number[]> {
  const spans: number[] = [];
  for (let time = 0; time < times; time += 1) spans.push(await spanOf(work));
  return spans;
}

async function spanOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
