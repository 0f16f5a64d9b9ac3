import { expect, test } from "vitest";
import { foldNotices, type NoticeRow } from "./fold.ts";

let second = 0;
function notice(kind: NoticeRow["kind"], changes: Partial<NoticeRow> = {}): NoticeRow {
  second += 1;
  return {
    ...{
      kind,
      verdict: "fail",
      previousVerdict: null,
      runId: "r",
      findingId: "f",
      checkId: "c",
      targetName: "t",
    },
    ...{ scheduleId: null, about: null, at: new Date(Date.UTC(2026, 10, 28, 0, 0, second)) },
    ...{ slug: "prod", name: "Prod", production: true },
    ...changes,
  };
}
const changeOf = (...rows: NoticeRow[]) => foldNotices(rows).findings.map(({ change }) => change);

test("one line for a finding, with what became of it in the end", () => {
  expect(
    changeOf(notice("opened", { verdict: "warn" }), notice("worsened", { previousVerdict: "warn" })),
  ).toEqual(["opened"]);
  expect(changeOf(notice("opened"), notice("resolved"))).toEqual(["resolved"]);
  expect(changeOf(notice("resolved", { verdict: "warn" }), notice("reopened"))).toEqual(["worsened"]);
});

test("what went back to where it was is no news", () => {
  const worse = notice("worsened", { previousVerdict: "warn" });
  const milder = notice("eased", { verdict: "warn", previousVerdict: "fail" });
  expect(changeOf(worse, milder)).toEqual([]);
  expect(changeOf(notice("resolved"), notice("reopened"))).toEqual([]);
  const gone = { findingId: null, verdict: "unknown" as const };
  expect(foldNotices([notice("unreadable", gone), notice("readable", gone)]).checks).toEqual([]);
});

test("worst first, what is gone last, and counted by cluster", () => {
  const rows = [
    notice("resolved", { findingId: "gone" }),
    notice("opened", { findingId: "warns", verdict: "warn", slug: "lab", name: "Lab", production: false }),
    notice("opened", { findingId: "fails" }),
    notice("opened", { findingId: "unknown", verdict: "unknown" }),
  ];
  const fold = foldNotices(rows);
  expect(fold.findings.map(({ id }) => id)).toEqual(["fails", "unknown", "warns", "gone"]);
  expect(fold.counts).toEqual({ opened: 3, resolved: 1 });
  expect(fold.clusters).toMatchObject([
    { slug: "prod", new: 2, gone: 1, worse: 0 },
    { slug: "lab", new: 1, gone: 0 },
  ]);
});

test("a schedule is told once, with the newest reason", () => {
  const of = { findingId: null, scheduleId: "s", slug: null, name: null, verdict: "unknown" as const };
  const rows = ["refused", "failed"].map((why) =>
    notice("not_run", { ...of, about: { schedule: "Nightly", why } }),
  );
  expect(foldNotices(rows)).toMatchObject({
    schedules: [{ id: "s", name: "Nightly", reason: "failed" }],
    counts: { not_run: 1 },
  });
});
