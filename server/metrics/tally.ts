import { verdicts } from "#common/verdict.ts";
import { hear } from "./events.ts";
import type { Labels, Metric } from "./exposition.ts";

const runSeconds = [1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counts of this process since it began to listen; a reader takes a smaller number for a new beginning. */
export function startTally(): () => Metric[] {
  const results = createCounter({ verdict: verdicts });
  const unknown = createCounter({});
  const spent = { calls: 0, bytes: 0, throttled: 0 };
  const durations = new Map<string, { counts: number[]; sum: number }>();
  hear("result-recorded", ({ verdict, reason }) => {
    results.add({ verdict });
    if (verdict === "unknown") unknown.add({ reason: reason ?? "finding" });
  });
  hear("connector-call", () => {
    spent.calls += 1;
  });
  hear("connector-bytes", (bytes) => {
    spent.bytes += bytes;
  });
  hear("connector-throttled", () => {
    spent.throttled += 1;
  });
  hear("run-ended", ({ status, seconds }) => {
    const known = durations.get(status) ?? { counts: [...runSeconds, 0].map(() => 0), sum: 0 };
    durations.set(status, known);
    known.sum += seconds;
    known.counts = known.counts.map(
      (count, index) => count + (seconds <= (runSeconds[index] ?? seconds) ? 1 : 0),
    );
  });
  const one = (value: number) => [{ labels: {}, value }];
  return () => [
    {
      ...{ name: "weekbook_run_duration_seconds", type: "histogram", unit: "seconds", bounds: runSeconds },
      help: "From the beginning to the end of runs whose last part this worker carried out.",
      series: [...durations].map(([status, series]) => ({ labels: { status }, ...series })),
    },
    {
      ...{ name: "weekbook_results_recorded", type: "counter", samples: results.samples() },
      help: "Results that this worker recorded, by verdict.",
    },
    {
      ...{ name: "weekbook_results_unknown", type: "counter", samples: unknown.samples() },
      help: "Results that this worker could not find out, by reason.",
    },
    {
      ...{ name: "weekbook_connector_calls", type: "counter", samples: one(spent.calls) },
      help: "Requests that this worker sent to targets.",
    },
    {
      ...{ name: "weekbook_connector_read_bytes", type: "counter", unit: "bytes", samples: one(spent.bytes) },
      help: "What this worker read from targets.",
    },
    {
      ...{ name: "weekbook_connector_throttled", type: "counter", samples: one(spent.throttled) },
      help: "Answers of targets that asked this worker to wait (429).",
    },
  ];
}

/** Every value that is known beforehand is there from the start, with 0. */
function createCounter(known: Record<string, readonly string[]>) {
  const counts = new Map<string, { labels: Labels; value: number }>();
  const of = (labels: Labels) => {
    const key = JSON.stringify(labels);
    const sample = counts.get(key) ?? { labels, value: 0 };
    counts.set(key, sample);
    return sample;
  };
  for (const [name, values] of Object.entries(known)) for (const value of values) of({ [name]: value });
  return {
    add: (labels: Labels) => {
      of(labels).value += 1;
    },
    samples: () => [...counts.values()],
  };
}
