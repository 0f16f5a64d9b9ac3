import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Series } from "#common/contracts/measurement.ts";
import english from "#messages/en/trend.json" with { type: "json" };
import { TrendChart } from "./trend-chart.tsx";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 2, 3, minute));
const point = (minute: number, value: number) => ({
  ...{ at: at(minute), min: value, avg: value, max: value, count: 1 },
});
const series: Series = {
  ...{ from: at(0), to: at(59), points: [point(1, 2), point(5, 3), point(20, 30), point(25, 12)] },
  gaps: [{ from: at(10), to: at(12), count: 2 }],
  last: {
    ...{ at: at(25), value: 12, runId: "r", resultId: "x" },
    ...{ warn: { above: 5 }, fail: { above: 25 } },
  },
};

function render(of: Series): string {
  return renderToStaticMarkup(
    <NextIntlClientProvider locale="en" messages={{ trend: english }} timeZone="UTC">
      <TrendChart series={of} title="throttledPercent · /web" unit="%" />
    </NextIntlClientProvider>,
  );
}

test("a chart says in words what it shows, and a value can be read by keyboard", () => {
  const html = render(series);
  expect(html).toContain(
    'aria-label="throttledPercent · /web: last 12 %, between 2 % and 30 %, 2 results without a value."',
  );
  expect(html).toMatch(/<input type="range" min="0" max="3"[^>]*aria-valuetext="12 %, Jan 2, 2026/);
});

test("its line is broken where there was no value, and where it warns and fails are bands", () => {
  const count = (html: string, what: RegExp) => html.match(what)?.length ?? 0;
  const html = render(series);
  expect(count(html, /<polyline/g)).toBe(2);
  expect([count(html, /fill-warn-wash/g), count(html, /fill-fail-wash/g)]).toEqual([1, 1]);
  expect(count(render({ ...series, gaps: [] }), /<polyline/g)).toBe(1);
});
