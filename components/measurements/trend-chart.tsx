"use client";

import { useLocale, useTranslations } from "next-intl";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import type { Series } from "#common/contracts/measurement.ts";
import { exactTime } from "#common/format.ts";
import { type Band, bandsOf, scaleOf, segmentsOf, timeOf } from "./chart-shape.ts";
import { unitWord, valueWords } from "./value-words.ts";

type Point = Series["points"][number];

const heightPx = 190;
const edge = { left: 46, right: 8, top: 18, bottom: 22 };
const washes = { warn: "fill-warn-wash", fail: "fill-fail-wash" };
const lines = { warn: "stroke-warn", fail: "stroke-fail" };

/** One number through time: where it warns and fails as bands, what is not known as a gap that nothing crosses. */
export function TrendChart({ series, title, unit }: { series: Series; title: string; unit: string }) {
  const t = useTranslations("trend");
  const locale = useLocale();
  const [frame, widthPx] = useWidth();
  const [at, setAt] = useState<number>();
  const { points, gaps, last } = series;
  const warn = last?.warn;
  const fail = last?.fail;
  const bounds = [warn?.above, warn?.below, fail?.above, fail?.below].filter((each) => each !== undefined);
  const scale = scaleOf(points, bounds);
  const { fromMs, toMs } = timeOf(series);
  const place: Place = {
    x: (date) =>
      edge.left + ((date.getTime() - fromMs) / (toMs - fromMs)) * (widthPx - edge.left - edge.right),
    y: (value) =>
      edge.top + ((scale.max - value) / (scale.max - scale.min)) * (heightPx - edge.top - edge.bottom),
    right: widthPx - edge.right,
  };
  const shown = points[at ?? points.length - 1];
  const say = (point: Point) => {
    const value = valueWords(point.avg, unit, locale);
    const time = exactTime(point.at, locale);
    if (point.count === 1) return t("pointOne", { time, value });
    const [min, max] = [valueWords(point.min, unit, locale), valueWords(point.max, unit, locale)];
    return t("pointMany", { time, value, min, max, count: point.count });
  };
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const distances = points.map((point) => Math.abs(place.x(point.at) - x));
    setAt(distances.indexOf(Math.min(...distances)));
  };
  return (
    <div ref={frame}>
      <svg
        role="img"
        aria-label={summary({ series, title, unit, locale, t })}
        width={widthPx}
        height={heightPx}
        className="block touch-pan-y select-none"
        onPointerMove={onPointer}
        onPointerDown={onPointer}
      >
        {bandsOf({ warn, fail }, scale).map((band) => (
          <BandShape key={`${band.kind} ${band.from}`} band={band} place={place} label={t(band.kind)} />
        ))}
        <Axes place={place} scale={scale} series={series} unit={unit} />
        {gaps.map((gap) => (
          <rect
            key={gap.from.getTime()}
            x={place.x(gap.from) - 1}
            y={edge.top}
            width={Math.max(2, place.x(gap.to) - place.x(gap.from))}
            height={heightPx - edge.top - edge.bottom}
            className="fill-unknown opacity-25"
          />
        ))}
        {segmentsOf(points, gaps).map((segment) => (
          <Segment key={segment[0]?.at.getTime()} points={segment} place={place} />
        ))}
        {shown ? (
          <circle
            cx={place.x(shown.at)}
            cy={place.y(shown.avg)}
            r={4}
            className="fill-bg stroke-accent"
            strokeWidth={2}
          />
        ) : null}
      </svg>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <label className="flex min-w-40 flex-1 items-center gap-2 text-faint">
          {t("move")}
          <input
            type="range"
            min={0}
            max={points.length - 1}
            value={at ?? points.length - 1}
            onChange={(event) => setAt(Number(event.target.value))}
            aria-valuetext={shown ? say(shown) : undefined}
            className="min-w-0 flex-1 accent-accent"
          />
        </label>
        <output className="tabular text-soft">{shown ? say(shown) : null}</output>
      </div>
    </div>
  );
}

type Place = { x: (at: Date) => number; y: (value: number) => number; right: number };

function BandShape({ band, place, label }: { band: Band; place: Place; label: string }) {
  const [top, bottom] = [place.y(band.to), place.y(band.from)];
  const inner = band.kind === "fail" || bottom - top > 14;
  return (
    <g>
      <rect
        x={edge.left}
        y={top}
        width={place.right - edge.left}
        height={bottom - top}
        className={washes[band.kind]}
      />
      <line
        x1={edge.left}
        x2={place.right}
        y1={bottom}
        y2={bottom}
        className={lines[band.kind]}
        strokeDasharray="4 3"
      />
      {inner ? (
        <text
          x={place.right - 4}
          y={Math.min(bottom - 3, top + 12)}
          textAnchor="end"
          className={band.kind === "fail" ? "fill-fail text-[11px]" : "fill-warn text-[11px]"}
        >
          {label}
        </text>
      ) : null}
    </g>
  );
}

function Axes({
  place,
  scale,
  series,
  unit,
}: {
  place: Place;
  scale: { ticks: number[] };
  series: Series;
  unit: string;
}) {
  const locale = useLocale();
  const { fromMs, toMs } = timeOf(series);
  const isShort = toMs - fromMs <= 2 * 86_400_000;
  const format = new Intl.DateTimeFormat(
    locale,
    isShort ? { hour: "numeric", minute: "2-digit" } : { month: "short", day: "numeric" },
  );
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 2 });
  const shares = place.right > 420 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  return (
    <g className="fill-faint text-[11px]">
      <text x={2} y={11}>
        {unitWord(unit)}
      </text>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={edge.left}
            x2={place.right}
            y1={place.y(tick)}
            y2={place.y(tick)}
            className="stroke-line"
          />
          <text x={edge.left - 6} y={place.y(tick) + 4} textAnchor="end" className="tabular">
            {compact.format(tick)}
          </text>
        </g>
      ))}
      {shares.map((share) => {
        const moment = new Date(fromMs + share * (toMs - fromMs));
        const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle";
        return (
          <text key={share} x={place.x(moment)} y={heightPx - 6} textAnchor={anchor} suppressHydrationWarning>
            {format.format(moment)}
          </text>
        );
      })}
    </g>
  );
}

/** The mean as a line, and where a point stands for many values, what lies between the least and the greatest. */
function Segment({ points, place }: { points: Point[]; place: Place }) {
  const line = points.map((point) => `${place.x(point.at).toFixed(1)},${place.y(point.avg).toFixed(1)}`);
  const reach = [
    ...points.map((point) => `${place.x(point.at).toFixed(1)},${place.y(point.max).toFixed(1)}`),
    ...points.map((point) => `${place.x(point.at).toFixed(1)},${place.y(point.min).toFixed(1)}`).reverse(),
  ];
  return (
    <g>
      {points.some(({ count }) => count > 1) ? (
        <polygon points={reach.join(" ")} className="fill-accent opacity-15" />
      ) : null}
      <polyline
        points={line.join(" ")}
        fill="none"
        className="stroke-accent"
        strokeWidth={1.75}
        strokeLinejoin="round"
      />
      {points.length <= 60
        ? points.map((point) => (
            <circle
              key={point.at.getTime()}
              cx={place.x(point.at)}
              cy={place.y(point.avg)}
              r={2}
              className="fill-accent"
            />
          ))
        : null}
    </g>
  );
}

/** Outside system: the layout, which alone knows how wide the chart may be. */
function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(640);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidthPx(Math.max(240, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, widthPx] as const;
}

function summary({
  series: { points, gaps, last },
  title,
  unit,
  locale,
  t,
}: {
  series: Series;
  title: string;
  unit: string;
  locale: string;
  t: ReturnType<typeof useTranslations<"trend">>;
}): string {
  return t("summary", {
    title,
    last: last ? valueWords(last.value, unit, locale) : "–",
    min: valueWords(Math.min(...points.map(({ min }) => min)), unit, locale),
    max: valueWords(Math.max(...points.map(({ max }) => max)), unit, locale),
    gaps: gaps.reduce((sum, { count }) => sum + count, 0),
  });
}
