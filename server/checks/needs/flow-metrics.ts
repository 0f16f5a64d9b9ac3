/** What the API server counts of its own limiting. Names that an older version lacks are simply not there. */

const prefix = "apiserver_flowcontrol_";
export const flowMetricLines = [
  `${prefix}rejected_requests_total{`,
  `${prefix}dispatched_requests_total{`,
  `${prefix}current_inqueue_requests{`,
  `${prefix}current_executing_seats{`,
  `${prefix}nominal_limit_seats{`,
  /** before 1.26 */
  `${prefix}request_concurrency_limit{`,
  "apiserver_current_inflight_requests{",
  'apiserver_admission_controller_admission_duration_seconds_count{name="EventRateLimit"',
];

export type LevelCounts = {
  rejected: number;
  dispatched: number;
  waiting: number;
  executing: number;
  seats: number | null;
  /** why requests were refused, by the server's word: queue-full, time-out, concurrency-limit */
  reasons: Record<string, number>;
  /** refusals by schema */
  bySchema: Record<string, number>;
};
export type FlowCounts = {
  levels: Record<string, LevelCounts>;
  inflight: { readOnly: number; mutating: number };
  eventRateLimit: boolean;
};

export function parseFlowMetrics({ text }: { text: string }): FlowCounts {
  const counts: FlowCounts = { levels: {}, inflight: { readOnly: 0, mutating: 0 }, eventRateLimit: false };
  for (const line of text.split("\n")) {
    const [, name = "", labels = "", number = ""] = /^(\w+)\{(.*)\} (\S+)/.exec(line) ?? [];
    const value = Number(number);
    if (name === "" || !Number.isFinite(value)) continue;
    const of = (label: string) => new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(labels)?.[1] ?? "";
    if (name === "apiserver_current_inflight_requests") {
      if (of("request_kind") === "mutating") counts.inflight.mutating += value;
      else counts.inflight.readOnly += value;
    } else if (name.startsWith(prefix)) {
      const level = of("priority_level");
      const known = counts.levels[level] ?? noCounts();
      counts.levels[level] = known;
      add(known, name.slice(prefix.length), value, { reason: of("reason"), schema: of("flow_schema") });
    } else counts.eventRateLimit = true;
  }
  return counts;
}

function noCounts(): LevelCounts {
  return {
    ...{ rejected: 0, dispatched: 0, waiting: 0, executing: 0, seats: null },
    ...{ reasons: {}, bySchema: {} },
  };
}

function add(
  counts: LevelCounts,
  name: string,
  value: number,
  { reason, schema }: { reason: string; schema: string },
): void {
  switch (name) {
    case "rejected_requests_total":
      counts.rejected += value;
      counts.reasons[reason] = (counts.reasons[reason] ?? 0) + value;
      counts.bySchema[schema] = (counts.bySchema[schema] ?? 0) + value;
      break;
    case "dispatched_requests_total":
      counts.dispatched += value;
      break;
    case "current_inqueue_requests":
      counts.waiting += value;
      break;
    case "current_executing_seats":
      counts.executing += value;
      break;
    default:
      counts.seats = value;
  }
}

export type LevelLoad = {
  level: string;
  rejected: number;
  dispatched: number;
  /** in a queue at both readings, at least */
  waiting: number;
  executing: number;
  seats: number | null;
  reasons: string[];
  schemas: string[];
};

/** What happened in each level between two readings. A counter that fell was begun anew by a restart. */
export function loadBetween(before: FlowCounts, after: FlowCounts): LevelLoad[] {
  return Object.entries(after.levels).map(([level, now]) => {
    const then = before.levels[level] ?? noCounts();
    const risen = (a: number, b: number) => (b >= a ? b - a : b);
    const grown = (a: Record<string, number>, b: Record<string, number>) =>
      Object.keys(b)
        .filter((key) => risen(a[key] ?? 0, b[key] ?? 0) > 0)
        .toSorted();
    return {
      level,
      rejected: risen(then.rejected, now.rejected),
      dispatched: risen(then.dispatched, now.dispatched),
      waiting: Math.min(then.waiting, now.waiting),
      executing: now.executing,
      seats: now.seats,
      reasons: grown(then.reasons, now.reasons),
      schemas: grown(then.bySchema, now.bySchema),
    };
  });
}
