import type { Cell } from "#common/tools/raid.ts";

const cellHeight = 22;
const width = 64;

/** One disk as a column of its cells. A drawing only: the button around it carries the words. */
export function RaidDisk({ cells, isFailed }: { cells: Cell[]; isFailed: boolean }) {
  const height = cells.length * cellHeight + 20;
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`} className="block w-16 text-[11px]">
      <path
        d={`M1 9 A31 8 0 0 1 63 9 V${height - 9} A31 8 0 0 1 1 ${height - 9} Z`}
        fill={isFailed ? "var(--fail-wash)" : "var(--sunken)"}
        stroke={isFailed ? "var(--fail)" : "var(--control)"}
        strokeDasharray={isFailed ? "4 3" : undefined}
      />
      {cells.map((cell, row) => {
        const y = 12 + row * cellHeight;
        const words = cell.kind === "data" ? `A${cell.block}` : cell.name;
        return (
          // The rows of a disk are told apart by what stands in them.
          <g key={`${words}-${String(y)}`} opacity={isFailed ? 0.35 : 1}>
            <rect
              x={7}
              y={y}
              width={width - 14}
              height={cellHeight - 4}
              rx={2}
              fill={cell.kind === "data" ? "var(--accent-wash)" : "var(--warn-wash)"}
              stroke={cell.kind === "data" ? "var(--accent)" : "var(--warn)"}
            />
            <text x={width / 2} y={y + 13} textAnchor="middle" fill="var(--ink)">
              {words}
            </text>
          </g>
        );
      })}
      {isFailed ? (
        <path
          d={`M8 14 L56 ${height - 12} M56 14 L8 ${height - 12}`}
          stroke="var(--fail)"
          strokeWidth="2.5"
        />
      ) : null}
    </svg>
  );
}
