import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { RunView } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import runs from "../../messages/en/runs.json" with { type: "json" };
import verdict from "../../messages/en/verdict.json" with { type: "json" };
import ResultGroups from "./result-groups.tsx";

const cluster = (slug: string) => ({ slug, name: slug.toUpperCase(), practice: false, production: false });
const run: RunView = {
  id: "00000000-0000-7000-8000-000000000000",
  clusters: [cluster("prod"), cluster("stage")],
  ...{ runbook: null, checks: [], requestedBy: "Ada", verdict: "fail", counts: noCounts, cost: null },
  ...{ cancelRequested: false, error: null, seq: 4, results: [], total: 1_500, ignored: [] },
  status: "done",
  groups: [
    { cluster: "prod", checkId: "host/a", total: 500, verdicts: { ...noCounts, pass: 500 } },
    { cluster: "prod", checkId: "host/b", total: 500, verdicts: { ...noCounts, fail: 7, pass: 493 } },
    { cluster: "stage", checkId: "host/a", total: 500, verdicts: { ...noCounts, pass: 500 } },
  ],
  ...{ createdAt: new Date(0), startedAt: new Date(0), endedAt: new Date(1_000) },
};

function shown(only: "fail" | null, of: RunView = run): string {
  const titles = new Map([["host/b", "Second check"]]);
  return renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ runs, verdict }}>
      <ResultGroups {...{ team: "ops", run: of, titles, only }} />
    </NextIntlClientProvider>,
  );
}

test("checks stand under their cluster, worst first, each with its counts", () => {
  const html = shown(null);
  expect(html.match(/<h[23][^>]*>[^<]*/g)?.map((tag) => tag.replace(/.*>/, ""))).toEqual([
    ...["PROD", "Second check", "host/a"],
    ...["STAGE", "host/a"],
  ]);
  expect(html).toContain("493");
  expect(html).toContain("500 targets");
});

test("one verdict alone leaves what has it", () => {
  expect(shown("fail").match(/data-check="[^"]*"/g)).toEqual(['data-check="host/b"']);
});

test("while it goes, how many of how many are done", () => {
  const groups = [{ cluster: "prod", checkId: "host/a", total: 500, verdicts: { ...noCounts, pass: 20 } }];
  expect(shown(null, { ...run, status: "running", groups })).toContain("20 of 500");
});
