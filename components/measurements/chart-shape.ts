import type { Series } from "#common/contracts/measurement.ts";
import type { Bound } from "#common/result.ts";

type Point = Series["points"][number];
type Gap = Series["gaps"][number];
export type Band = { from: number; to: number; kind: "warn" | "fail" };

/** Points in runs without a gap between them: nothing is drawn across a time that is not known. */
export function segmentsOf(points: readonly Point[], gaps: readonly Gap[]): Point[][] {
  const segments: Point[][] = [];
  let previous: Point | undefined;
  for (const point of points) {
    const last = previous;
    const broken = last === undefined || gaps.some((gap) => gap.to >= last.at && gap.from <= point.at);
    if (broken) segments.push([point]);
    else segments.at(-1)?.push(point);
    previous = point;
  }
  return segments;
}

const hourMs = 3_600_000;

/** The time to draw: what was asked for, without an empty beginning before the first result. */
export function timeOf({ from, to, points, gaps }: Series): { fromMs: number; toMs: number } {
  const starts = [points[0]?.at, gaps[0]?.from].flatMap((at) => at?.getTime() ?? []);
  const toMs = to.getTime();
  const span = Math.max(hourMs, (toMs - Math.min(toMs, ...starts)) * 1.03);
  return { fromMs: Math.max(from.getTime(), toMs - span), toMs };
}

/** From the least to the greatest that is to be seen, on steps that people count in. Bounds nearby belong to it. */
export function scaleOf(
  points: readonly Point[],
  bounds: readonly number[],
): { min: number; max: number; ticks: number[] } {
  const low = Math.min(...points.map(({ min }) => min));
  const high = Math.max(...points.map(({ max }) => max));
  const reach = Math.max(high - low, Math.abs(high) / 2, Number.EPSILON);
  const near = bounds.filter((bound) => bound >= low - reach && bound <= high + reach);
  const from = low >= 0 && low <= reach * 2 ? 0 : Math.min(low, ...near);
  const to = Math.max(high, ...near, from === high ? high + 1 : high);
  const step = stepOf((to - from) / 4);
  const min = Math.floor(from / step) * step;
  const count = Math.max(1, Math.ceil((to - min) / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, index) => rounded(min + index * step));
  return { min, max: ticks.at(-1) ?? to, ticks };
}

function stepOf(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-12)));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough - 1e-12) ?? 10;
  return step * power;
}

/** 0.30000000000000004 is 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** The parts of the scale in which the check warns or fails; where both hold, it fails. */
export function bandsOf(
  { warn, fail }: { warn?: Bound; fail?: Bound },
  { min, max }: { min: number; max: number },
): Band[] {
  const bands: Band[] = [];
  const add = (kind: Band["kind"], from: number, to: number) => {
    const band = { kind, from: Math.max(from, min), to: Math.min(to, max) };
    if (band.from < band.to) bands.push(band);
  };
  if (warn?.above !== undefined) add("warn", warn.above, fail?.above ?? max);
  if (warn?.below !== undefined) add("warn", fail?.below ?? min, warn.below);
  if (fail?.above !== undefined) add("fail", fail.above, max);
  if (fail?.below !== undefined) add("fail", min, fail.below);
  return bands;
}
