export type SequenceStep = { key: string; from: number; to?: number };

const width = 340;
const margin = 34;
const top = 34;
const row = 26;

/**
 * Lifelines and numbered arrows, the chosen one in colour and those to come faint. Small enough for a phone as it is;
 * what the arrows mean stands in the list beside it, so that the drawing is one image with one sentence.
 */
export function SequenceChart({
  actors,
  steps,
  current,
  label,
}: {
  actors: readonly string[];
  steps: readonly SequenceStep[];
  /** counted from 0 */
  current: number;
  label: string;
}) {
  const height = top + steps.length * row + 8;
  const x = (index: number) => margin + (index * (width - 2 * margin)) / Math.max(1, actors.length - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      className="w-full max-w-[34rem] font-sans"
    >
      {actors.map((actor, index) => (
        <g key={actor}>
          <text x={x(index)} y={14} fontSize={11} fontWeight={600} textAnchor="middle" fill="var(--soft)">
            {actor}
          </text>
          <path d={`M${x(index)} 22V${height}`} stroke="var(--line)" strokeWidth={1.5} />
        </g>
      ))}
      {steps.map(({ key, from, to }, index) => (
        <Arrow
          key={key}
          number={index + 1}
          y={top + index * row + row / 2}
          from={x(from)}
          to={to === undefined ? null : x(to)}
          when={index === current ? "now" : index < current ? "before" : "later"}
        />
      ))}
    </svg>
  );
}

const colours = { now: "var(--accent)", before: "var(--soft)", later: "var(--line)" };

function Arrow({
  number,
  y,
  from,
  to,
  when,
}: {
  number: number;
  y: number;
  from: number;
  to: number | null;
  when: keyof typeof colours;
}) {
  const colour = colours[when];
  const end = to ?? from;
  const way = Math.sign(end - from);
  return (
    <g strokeWidth={when === "now" ? 2.5 : 1.5}>
      {way === 0 ? null : (
        <>
          <path d={`M${from + 9 * way} ${y}H${end - 4 * way}`} stroke={colour} fill="none" />
          <path d={`M${end} ${y}l${-7 * way} -4v8z`} fill={colour} />
        </>
      )}
      <circle
        cx={from}
        cy={y}
        r={9}
        fill={when === "now" ? colour : "var(--bg)"}
        stroke={when === "later" ? "var(--control)" : colour}
        strokeWidth={1.5}
      />
      <text
        x={from}
        y={y + 3.5}
        fontSize={10}
        textAnchor="middle"
        fill={when === "now" ? "var(--on-accent)" : when === "later" ? "var(--faint)" : "var(--ink)"}
      >
        {number}
      </text>
    </g>
  );
}
