import { expect, test } from "vitest";
import type { ResultView, RunUpdate, RunView } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import { merge } from "./merge-update.ts";

const result = (ordinal: number, phase: ResultView["phase"]): ResultView => ({
  id: `00000000-0000-7000-8000-00000000000${ordinal}`,
  ...{ cluster: "prod", part: 0 },
  ordinal,
  checkId: `kubernetes/check-${ordinal}`,
  checkVersion: 1,
  target: "kubernetes",
  targetName: "prod",
  params: {},
  phase,
  progress: null,
  verdict: null,
  reason: null,
  counts: noCounts,
  coverage: [],
  cost: null,
  startedAt: null,
  endedAt: null,
  seq: 0,
});
const state = {
  status: "running",
  verdict: null,
  counts: noCounts,
  cost: null,
  cancelRequested: false,
  startedAt: null,
  endedAt: null,
} as const;
const run: RunView = {
  ...state,
  id: "00000000-0000-7000-8000-000000000000",
  clusters: [{ slug: "prod", name: "prod", practice: false, production: true }],
  total: 2,
  groups: [],
  runbook: null,
  checks: [],
  requestedBy: "Ada",
  ignored: [],
  createdAt: new Date(0),
  error: null,
  seq: 4,
  results: [result(0, "reading"), result(2, "waiting")],
};
const update = (seq: number, changed: ResultView[]): RunUpdate => ({
  ...state,
  ...{ seq, changed, total: 3, groups: [] },
});

test("a changed result takes its old place, a new one its ordinal's", () => {
  const next = merge(run, update(5, [result(2, "done"), result(1, "waiting")]));
  expect(next.results.map(({ ordinal, phase }) => [ordinal, phase])).toEqual([
    [0, "reading"],
    [1, "waiting"],
    [2, "done"],
  ]);
  expect(next.seq).toBe(5);
});

test("results that did not change keep their identity", () => {
  expect(merge(run, update(5, [result(2, "done")])).results[0]).toBe(run.results[0]);
});

test("a message older than what the page holds changes nothing", () => {
  expect(merge(run, update(3, [result(0, "waiting")]))).toBe(run);
});
