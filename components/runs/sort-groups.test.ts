import { expect, test } from "vitest";
import type { ResultGroup } from "#common/contracts/run.ts";
import { noCounts } from "#common/result.ts";
import { doneOf, worstGroupsFirst } from "./sort-groups.ts";

const group = (checkId: string, verdicts: Partial<ResultGroup["verdicts"]>): ResultGroup => ({
  ...{ cluster: "prod", checkId, total: 10 },
  verdicts: { ...noCounts, ...verdicts },
});
const groups = [
  group("all-well", { pass: 10 }),
  group("warned", { warn: 9, pass: 1 }),
  group("failed", { fail: 1, pass: 9 }),
  group("failed-more", { fail: 2 }),
  group("unread", { unknown: 10 }),
];

test("one failure stands before many warnings, more failures before fewer", () => {
  const order = worstGroupsFirst(groups, false).map(({ checkId }) => checkId);
  expect(order).toEqual(["failed-more", "failed", "unread", "warned", "all-well"]);
});

test("nothing moves while the run is under way", () => {
  expect(worstGroupsFirst(groups, true)).toEqual(groups);
});

test("what is done has a verdict", () => {
  expect(groups.map(doneOf)).toEqual([10, 10, 10, 2, 10]);
});
