"use client";

export type QueueBar = { name: string; length: number; tone: "accent" | "soft"; filled?: number };

const width = 720;
const left = 150;
const rowHeight = 30;

/** Bars over a logarithmic axis, since the queues differ by magnitudes; `filled` is drawn inside its bar. */
export function QueueBars({ bars, label, axis }: { bars: QueueBar[]; label: string; axis: string }) {
  const most = Math.max(...bars.flatMap((bar) => [bar.length, bar.filled ?? 0]), 16);
  const x = (value: number) => left + (Math.log2(value + 1) / Math.log2(most + 1)) * (width - left - 70);
  const ticks = [0, 16, 128, 1024, 8192, 65_536].filter((tick) => tick <= most);
  const bottom = bars.length * rowHeight + 6;
  return (
    <div className="overflow-x-auto">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${bottom + 22}`}
        className="block w-full min-w-[28rem] text-[12px]"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={0} y2={bottom} stroke="var(--line)" />
            <text x={x(tick)} y={bottom + 16} textAnchor="middle" fill="var(--faint)">
              {tick}
            </text>
          </g>
        ))}
        {bars.map(({ name, length, tone, filled }, row) => {
          const y = row * rowHeight + 5;
          const over = filled !== undefined && filled > length;
          return (
            <g key={name}>
              <text x={0} y={y + 14} fill="var(--soft)">
                {name}
              </text>
              <rect
                x={left}
                y={y}
                width={Math.max(x(length) - left, 2)}
                height={20}
                fill={tone === "accent" ? "var(--accent)" : "var(--control)"}
                opacity={filled === undefined ? 1 : 0.35}
              />
              {filled === undefined ? null : (
                <rect
                  x={left}
                  y={y + 4}
                  width={Math.max(x(Math.min(filled, length)) - left, 0)}
                  height={12}
                  fill={over ? "var(--fail)" : "var(--accent)"}
                />
              )}
              <text x={x(length) + 8} y={y + 14} fill="var(--ink)">
                {filled === undefined ? length : `${filled} / ${length}`}
              </text>
            </g>
          );
        })}
      </svg>
      <p className="text-faint">{axis}</p>
    </div>
  );
}
