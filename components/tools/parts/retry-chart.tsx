"use client";

import {
  perSecondSums,
  type RetryResult,
  startSeconds,
  totalSeconds,
} from "#common/tools/retry-strategies.ts";

const width = 720;
const left = 8;
const rowHeight = 84;
const plotTop = 22;
const plotHeight = 52;

type Row = RetryResult & { name: string; told: string; chosen: boolean };

/** One row per strategy on one scale: attempts at the server per second, and how many of them it answered. */
export function RetryChart({
  rows,
  label,
  words,
  outageSeconds,
}: {
  rows: Row[];
  label: string;
  words: Record<"load" | "answered" | "outage", string>;
  outageSeconds: number;
}) {
  const most = Math.max(1, ...rows.map((row) => row.peak));
  const x = (second: number) => left + (second / totalSeconds) * (width - 2 * left);
  return (
    <figure className="min-w-0">
      <div className="overflow-x-auto">
        <svg
          role="img"
          aria-label={[label, ...rows.map((row) => `${row.name}: ${row.told}`)].join(" ")}
          viewBox={`0 0 ${width} ${rows.length * rowHeight}`}
          className="block w-full min-w-[30rem] text-[12px]"
        >
          {rows.map((row, index) => (
            <g key={row.name} transform={`translate(0 ${index * rowHeight})`}>
              <text x={left} y={14} fill={row.chosen ? "var(--ink)" : "var(--faint)"}>
                {row.name}
              </text>
              <text x={width - left} y={14} textAnchor="end" fill="var(--soft)">
                {row.told}
              </text>
              <rect
                x={x(startSeconds)}
                y={plotTop}
                width={x(startSeconds + outageSeconds) - x(startSeconds)}
                height={plotHeight}
                fill="var(--fail-wash)"
              />
              <Steps values={perSecondSums(row.load)} most={most} x={x} fill="var(--warn)" />
              <Steps values={perSecondSums(row.answered)} most={most} x={x} fill="var(--accent)" />
              <line
                x1={left}
                x2={width - left}
                y1={plotTop + plotHeight}
                y2={plotTop + plotHeight}
                stroke="var(--control)"
              />
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-soft">
        <span>{label}</span>
        <Key fill="var(--accent)" words={words.answered} />
        <Key fill="var(--warn)" words={words.load} />
        <Key fill="var(--fail-wash)" words={words.outage} />
      </figcaption>
    </figure>
  );
}

function Steps({
  values,
  most,
  x,
  fill,
}: {
  values: number[];
  most: number;
  x: (second: number) => number;
  fill: string;
}) {
  const bottom = plotTop + plotHeight;
  const steps = values.map((value, second) => {
    const y = (bottom - (value / most) * plotHeight).toFixed(1);
    return `V${y} H${x(second + 1).toFixed(1)}`;
  });
  return <path d={`M${x(0)} ${bottom} ${steps.join(" ")} V${bottom} Z`} fill={fill} />;
}

function Key({ fill, words }: { fill: string; words: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg width="14" height="10" aria-hidden="true">
        <rect width="14" height="10" fill={fill} />
      </svg>
      {words}
    </span>
  );
}
