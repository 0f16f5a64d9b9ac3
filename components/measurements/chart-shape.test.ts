import { expect, test } from "vitest";
import { bandsOf, scaleOf, segmentsOf, timeOf } from "./chart-shape.ts";

const point = (ms: number, value = 1) => ({ at: new Date(ms), min: value, avg: value, max: value, count: 1 });
const gap = (from: number, to = from) => ({ from: new Date(from), to: new Date(to), count: 1 });

test("a line ends before what is not known and begins anew after it", () => {
  const points = [point(1), point(2), point(5), point(6), point(9)];
  const starts = (gaps: ReturnType<typeof gap>[]) =>
    segmentsOf(points, gaps).map((segment) => segment.map(({ at }) => at.getTime()));
  expect(starts([])).toEqual([[1, 2, 5, 6, 9]]);
  expect(starts([gap(3, 4), gap(7)])).toEqual([[1, 2], [5, 6], [9]]);
  expect(starts([gap(0), gap(10)])).toEqual([[1, 2, 5, 6, 9]]);
});

test("an empty beginning is not drawn, and less than an hour never fills the chart", () => {
  const day = 86_400_000;
  const series = (firstMs: number) => ({
    ...{ from: new Date(0), to: new Date(30 * day), points: [point(firstMs)], gaps: [], last: null },
  });
  expect(timeOf(series(1)).fromMs).toBe(0);
  expect(timeOf(series(20 * day)).fromMs).toBe(19.7 * day);
  expect(timeOf(series(30 * day - 1)).fromMs).toBe(30 * day - 3_600_000);
});

test("a scale has round steps, begins at zero where that is near, and reaches a bound that is near", () => {
  expect(scaleOf([point(1, 3), point(2, 17)], [])).toEqual({ min: 0, max: 20, ticks: [0, 5, 10, 15, 20] });
  expect(scaleOf([point(1, 3), point(2, 17)], [25])).toMatchObject({ min: 0, max: 30 });
  expect(scaleOf([point(1, 3), point(2, 17)], [4_000])).toMatchObject({ max: 20 });
  expect(scaleOf([point(1, 0)], [])).toMatchObject({ min: 0, max: 1 });
  expect(scaleOf([point(1, -5), point(2, 5)], []).min).toBeLessThanOrEqual(-5);
  expect(scaleOf([point(1, 0.1), point(2, 0.3)], []).ticks).toEqual([0, 0.1, 0.2, 0.3]);
});

test("bands lie where the check warns and fails, within the scale", () => {
  const scale = { min: 0, max: 100 };
  expect(bandsOf({ warn: { above: 5 }, fail: { above: 25 } }, scale)).toEqual([
    { kind: "warn", from: 5, to: 25 },
    { kind: "fail", from: 25, to: 100 },
  ]);
  expect(bandsOf({ warn: { below: 30 }, fail: { below: 7 } }, scale)).toEqual([
    { kind: "warn", from: 7, to: 30 },
    { kind: "fail", from: 0, to: 7 },
  ]);
  expect(bandsOf({ fail: { above: 200 } }, scale)).toEqual([]);
  expect(bandsOf({}, scale)).toEqual([]);
});
