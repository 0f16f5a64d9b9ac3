import { expect, test } from "vitest";
import { exposition, type Metric } from "./exposition.ts";

const hostile = 'a"b\\c\nd{}😀';
const metrics: Metric[] = [
  {
    ...{ name: "x_seconds", type: "gauge", unit: "seconds", help: 'One\\two\n"three"' },
    samples: [{ labels: { team: hostile }, value: 0.5 }],
  },
  { name: "y", type: "counter", help: "Why.", samples: [{ labels: {}, value: 1e21 }] },
  {
    ...{ name: "z_seconds", type: "histogram", unit: "seconds", help: "Zed.", bounds: [1, 2.5] },
    series: [{ labels: { status: "done" }, counts: [1, 2, 4], sum: 12.25 }],
  },
];

test("OpenMetrics: units, counters by their family, canonical bounds and an end", () => {
  expect(exposition(metrics, "openmetrics")).toBe(String.raw`# HELP x_seconds One\\two\n\"three\"
# TYPE x_seconds gauge
# UNIT x_seconds seconds
x_seconds{team="a\"b\\c\nd{}😀"} 0.5
# HELP y Why.
# TYPE y counter
y_total 1e+21
# HELP z_seconds Zed.
# TYPE z_seconds histogram
# UNIT z_seconds seconds
z_seconds_bucket{status="done",le="1.0"} 1
z_seconds_bucket{status="done",le="2.5"} 2
z_seconds_bucket{status="done",le="+Inf"} 4
z_seconds_sum{status="done"} 12.25
z_seconds_count{status="done"} 4
# EOF
`);
});

test("the format of before: no units, counters with their suffix, no end", () => {
  const text = exposition(metrics, "prometheus");
  expect(text).toContain('# HELP x_seconds One\\\\two\\n"three"\n');
  expect(text).toContain("# TYPE y_total counter\ny_total 1e+21\n");
  expect(text).not.toMatch(/UNIT|EOF/);
});
