import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Picture } from "#common/picture.ts";
import runs from "#messages/en/runs.json" with { type: "json" };
import verdict from "#messages/en/verdict.json" with { type: "json" };
import { PictureFigure } from "./picture-figure.tsx";

const heading = {
  id: "waterfall",
  title: { en: "Where the time goes", "zh-CN": "时间花在哪里" },
  summary: { en: "The longest: the wait.", "zh-CN": "最长的一步：等待。" },
};

function render(picture: Picture): string {
  return renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ runs, verdict }}>
      <PictureFigure picture={picture} />
    </NextIntlClientProvider>,
  );
}

test("bars stand on one scale, say in words what they show, and are a table too", () => {
  const html = render({
    ...heading,
    unit: "ms",
    bars: [
      { id: "connect", label: "connect", from: 0, to: 20, most: 30 },
      { id: "wait", label: "wait", detail: "p95 100 ms", from: 20, to: 50, most: 100, verdict: "warn" },
    ],
  });
  expect(html).toContain('aria-label="Where the time goes. The longest: the wait."');
  expect(html).toMatch(/<rect x="200" width="300" height="12"/);
  expect(html).toMatch(/<rect x="500" y="5" width="500" height="2"/);
  expect(html).toContain("p95 100 ms");
  expect(html).toContain("<table");
});

test("bars of no length are seen all the same", () => {
  const html = render({ ...heading, unit: "ms", bars: [{ id: "a", label: "a", from: 0, to: 0 }] });
  expect(html).not.toMatch(/NaN|Infinity/);
  expect(html).toContain('width="3"');
});
