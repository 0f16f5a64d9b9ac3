import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "#common/verdict.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { makeCluster } from "#testing/run-rows.ts";
import type { TeamContext } from "../context.ts";
import { listMeasurements } from "./list.ts";
import { measurementSeries } from "./series.ts";
import { seriesId } from "./series-id.ts";

let instance: TestInstance;
let ctx: TeamContext;
let clusters = 0;
const now = new Date();
const HOUR_MS = 3_600_000;
const name = { name: "throttledPercent", subject: "/web", unit: "%" };

beforeAll(async () => {
  instance = await createTestInstance();
  ctx = { ...(await instance.member(await instance.team(), "viewer")), now: () => now };
});
afterAll(() => instance.close());

type Sample = { hoursAgo: number; value?: number; verdict?: Verdict; again?: boolean; bounds?: object };

/** A history of one check on one target, as runs leave it: one result each, with its value where it has one. */
async function history(samples: Sample[], in_ = ctx) {
  clusters += 1;
  const { db } = instance;
  const cluster = await makeCluster({ db, teamId: in_.team.id }, `c${clusters}`);
  const place = { clusterId: cluster.id, checkId: "host/cpu-throttling", target: "node-1" };
  const rows = samples.map((sample, index) => ({
    ...sample,
    ...idsAt(now.getTime() - sample.hoursAgo * HOUR_MS, index),
  }));
  await db.result.createMany({
    data: rows.map(({ runId, id, verdict = "pass", again }) => ({
      ...{ ...place, runId, id, teamId: in_.team.id, ordinal: 0, checkVersion: 1, targetName: "node-1" },
      ...{ phase: "done", verdict, ...(again ? { factsRunId: runId, factsResultId: id } : {}) },
    })),
  });
  await db.measurement.createMany({
    data: rows
      .filter(({ value }) => value !== undefined)
      .map(({ runId, id, value, again, bounds }) => ({
        ...{ runId, resultId: id, ordinal: 0, ...name, value: value ?? 0, bounds },
        series: again ? null : seriesId({ ...place, ...name }),
      })),
  });
  return { cluster: cluster.slug, checkId: place.checkId, target: place.target, rows };
}

/** Ids as a run and a result get them at a moment. */
function idsAt(ms: number, index: number) {
  const time = ms.toString(16).padStart(12, "0");
  const start = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-`;
  const end = (clusters * 100_000 + index).toString(16).padStart(11, "0");
  return { runId: `${start}1${end}`, id: `${start}2${end}` };
}

test("every value of a short history is a point of its own, at its time", async () => {
  const { rows, ...place } = await history([
    { hoursAgo: 3, value: 1 },
    { hoursAgo: 2, value: 5 },
    { hoursAgo: 1, value: 3, bounds: { warn: { above: 4 } } },
  ]);
  const series = await measurementSeries({ ctx, input: { ...place, ...name } });
  expect(series.points.map(({ avg, min, max, count }) => [min, avg, max, count])).toEqual([
    [1, 1, 1, 1],
    [5, 5, 5, 1],
    [3, 3, 3, 1],
  ]);
  expect(series.points[0]?.at.getTime()).toBe(now.getTime() - 3 * HOUR_MS);
  expect(series.gaps).toEqual([]);
  const last = rows[2];
  expect(series.last).toEqual({
    at: new Date(now.getTime() - HOUR_MS),
    value: 3,
    runId: last?.runId,
    resultId: last?.id,
    warn: { above: 4 },
  });
});

test("a long history is at most 300 points that keep every extreme", async () => {
  const samples = Array.from({ length: 2_000 }, (_, index) => ({
    hoursAgo: index * 0.3,
    value: index === 777 ? 99 : index % 7,
  }));
  const { rows: _rows, ...place } = await history(samples);
  const { points } = await measurementSeries({ ctx, input: { ...place, ...name } });
  expect(points.length).toBeGreaterThan(200);
  expect(points.length).toBeLessThanOrEqual(300);
  expect(Math.max(...points.map(({ max }) => max))).toBe(99);
  expect(Math.min(...points.map(({ min }) => min))).toBe(0);
  expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
});

test("a result without the value is a gap, not a line through it", async () => {
  const { rows: _rows, ...place } = await history([
    { hoursAgo: 30, value: 1 },
    { hoursAgo: 20, verdict: "unknown" },
    { hoursAgo: 10, value: 2 },
  ]);
  const { points, gaps } = await measurementSeries({ ctx, input: { ...place, ...name } });
  expect(points).toHaveLength(2);
  const at = new Date(now.getTime() - 20 * HOUR_MS);
  expect(gaps).toEqual([{ from: at, to: at, count: 1 }]);
});

test("what was judged again is neither a value nor a gap", async () => {
  const { rows: _rows, ...place } = await history([
    { hoursAgo: 2, value: 1 },
    { hoursAgo: 1, value: 8, again: true },
  ]);
  const { points, gaps, last } = await measurementSeries({ ctx, input: { ...place, ...name } });
  expect([points.length, gaps.length, last?.value]).toEqual([1, 0, 1]);
  expect(await listMeasurements({ ctx, input: place })).toMatchObject([{ ...name, value: 1 }]);
});

test("the range is half open, and another unit is another series", async () => {
  const { rows: _rows, ...place } = await history([
    { hoursAgo: 3, value: 1 },
    { hoursAgo: 2, value: 2 },
    { hoursAgo: 1, value: 3 },
  ]);
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
  const some = await measurementSeries({ ctx, input: { ...place, ...name, from: ago(2), to: ago(1) } });
  expect(some.points.map(({ avg }) => avg)).toEqual([2]);
  const other = await measurementSeries({ ctx, input: { ...place, ...name, unit: "ms" } });
  expect(other).toMatchObject({ points: [], last: null });
});

test("another team's cluster of the same name has its own values", async () => {
  const strangers = await instance.member(await instance.team(), "viewer");
  const { rows: _rows, ...place } = await history([{ hoursAgo: 1, value: 1 }], strangers);
  await expect(measurementSeries({ ctx, input: { ...place, ...name } })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(listMeasurements({ ctx, input: place })).rejects.toMatchObject({ code: "not-found" });
});
