"use client";

import type { LayeredResult } from "#common/tools/layered-cache.ts";

const width = 720;
const barHeight = 26;
const rowHeight = 58;

type Row = LayeredResult & { name: string; chosen: boolean };

/** Who answered, as parts of one bar per routing; each part carries its name and its share. */
export function CacheShares({
  rows,
  words,
  label,
}: {
  rows: Row[];
  words: Record<"l1" | "l2" | "origin", string>;
  label: string;
}) {
  return (
    <figure className="min-w-0">
      <div className="overflow-x-auto">
        <svg
          role="img"
          aria-label={[label, ...rows.map((row) => `${row.name}: ${told(row, words)}`)].join(". ")}
          viewBox={`0 0 ${width} ${rows.length * rowHeight}`}
          className="block w-full min-w-[30rem] text-[12px]"
        >
          {rows.map((row, index) => (
            <g key={row.name} transform={`translate(0 ${index * rowHeight})`}>
              <text x={0} y={14} fill={row.chosen ? "var(--ink)" : "var(--faint)"}>
                {row.name}
              </text>
              {partsOf(row, words).map(({ word, from, share, fill, ink }) => (
                <g key={word}>
                  <rect
                    x={from * width}
                    y={20}
                    width={Math.max(share * width - 1, 0)}
                    height={barHeight}
                    fill={fill}
                    opacity={row.chosen ? 1 : 0.55}
                  />
                  {share > 0.14 ? (
                    <text x={from * width + 8} y={20 + barHeight / 2 + 4} fill={ink}>
                      {`${word} ${Math.round(100 * share)} %`}
                    </text>
                  ) : null}
                </g>
              ))}
            </g>
          ))}
        </svg>
      </div>
      <figcaption className="mt-1 text-soft">{label}</figcaption>
    </figure>
  );
}

function partsOf({ requests, l1Hits, l2Hits, origin }: Row, words: Record<"l1" | "l2" | "origin", string>) {
  const share = (count: number) => count / Math.max(1, requests);
  return [
    { word: words.l1, from: 0, share: share(l1Hits), fill: "var(--accent)", ink: "var(--on-accent)" },
    {
      word: words.l2,
      from: share(l1Hits),
      share: share(l2Hits),
      fill: "var(--accent-wash)",
      ink: "var(--ink)",
    },
    {
      word: words.origin,
      from: share(l1Hits + l2Hits),
      share: share(origin),
      fill: "var(--warn-wash)",
      ink: "var(--ink)",
    },
  ];
}

function told(row: Row, words: Record<"l1" | "l2" | "origin", string>): string {
  return partsOf(row, words)
    .map(({ word, share }) => `${word} ${Math.round(100 * share)} %`)
    .join(", ");
}
