"use client";

import { useTranslations } from "next-intl";
import { useId } from "react";
import { type CfsTimeline, periodMs } from "#common/tools/cfs-timeline.ts";

const width = 720;
const left = 96;
const right = 12;
const laneHeight = 26;
const lanes = { limited: 12, unlimited: 52, quota: 96 };
const quotaHeight = 44;
const bottom = lanes.quota + quotaHeight;

/** Never more than this, or the pieces get too thin to see. */
const longestMs = 2000;

/** Two lanes on one axis, and below them the quota as it is spent and filled again. */
export function CfsChart({ timeline, label }: { timeline: CfsTimeline; label: string }) {
  const t = useTranslations("tool-cfs-timeline");
  const hatch = useId();
  const neededMs = Math.ceil(timeline.finishMs / periodMs) * periodMs;
  const endMs = Math.min(Math.max(neededMs, 2 * periodMs), longestMs);
  const x = (ms: number) => left + (Math.min(ms, endMs) / endMs) * (width - left - right);
  const every = endMs <= 1000 ? periodMs : 2 * periodMs;
  const ticks = Array.from({ length: endMs / every + 1 }, (_, index) => index * every);
  return (
    <figure className="min-w-0">
      <div className="overflow-x-auto">
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${width} ${bottom + 26}`}
          className="block w-full min-w-[30rem] text-[12px]"
        >
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternTransform="rotate(45)"
              patternUnits="userSpaceOnUse"
            >
              <rect width="6" height="6" fill="var(--fail-wash)" />
              <line x1="0" y1="0" x2="0" y2="6" stroke="var(--fail)" strokeWidth="2" />
            </pattern>
          </defs>
          {ticks.map((ms) => (
            <g key={ms}>
              <line x1={x(ms)} x2={x(ms)} y1={4} y2={bottom} stroke="var(--line)" />
              <text
                x={x(ms)}
                y={bottom + 17}
                textAnchor={ms === 0 ? "start" : ms === endMs ? "end" : "middle"}
                fill="var(--faint)"
              >
                {ms === endMs ? t("axis", { value: ms }) : ms}
              </text>
            </g>
          ))}
          <Lane y={lanes.limited} name={t("withLimit")} />
          {timeline.segments
            .filter((segment) => segment.startMs < endMs)
            .map(({ kind, startMs, endMs: untilMs }) => (
              <rect
                key={startMs}
                x={x(startMs)}
                y={lanes.limited}
                width={Math.max(x(untilMs) - x(startMs), 1)}
                height={laneHeight}
                fill={kind === "run" ? "var(--accent)" : `url(#${hatch})`}
              />
            ))}
          <Lane y={lanes.unlimited} name={t("withoutLimit")} />
          <rect
            x={x(0)}
            y={lanes.unlimited}
            width={Math.max(x(timeline.unlimitedMs) - x(0), 1)}
            height={laneHeight}
            fill="var(--accent)"
            opacity="0.55"
          />
          <QuotaLine timeline={timeline} endMs={endMs} x={x} />
        </svg>
      </div>
      <figcaption className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-faint">
        <Key fill="var(--accent)" words={t("running")} />
        <Key fill={`url(#${hatch})`} words={t("stopped")} />
        {neededMs > endMs ? <span>{t("clipped", { end: endMs })}</span> : null}
      </figcaption>
    </figure>
  );
}

function Lane({ y, name }: { y: number; name: string }) {
  return (
    <text x={0} y={y + laneHeight / 2 + 4} fill="var(--soft)">
      {name}
    </text>
  );
}

function QuotaLine({
  timeline,
  endMs,
  x,
}: {
  timeline: CfsTimeline;
  endMs: number;
  x: (ms: number) => number;
}) {
  const t = useTranslations("tool-cfs-timeline");
  const most = Math.max(...timeline.budget.map((corner) => corner.leftMs), 1);
  const y = (leftMs: number) => bottom - (leftMs / most) * (quotaHeight - 6);
  const shown = timeline.budget.filter((corner) => corner.atMs <= endMs);
  const points = shown.map(({ atMs, leftMs }) => `${x(atMs).toFixed(1)},${y(leftMs).toFixed(1)}`);
  return (
    <g>
      <Lane y={lanes.quota + 8} name={t("left")} />
      <line x1={left} x2={width - right} y1={bottom} y2={bottom} stroke="var(--control)" />
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--ink)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </g>
  );
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
