import { expect, test } from "vitest";
import { weekOf } from "./week-heading.ts";

test.each([
  ["2021-09-20~26", "2021-09-20"],
  ["2021-08-30~05", "2021-08-30"],
  ["2021-02-18~21", "2021-02-15"],
  ["2021-01-4~10", "2021-01-04"],
  ["2020-12-28~03", "2020-12-28"],
  ["2020-12-28 ~ 2021-01-03", "2020-12-28"],
  ["2021/9/20 - 9/26", "2021-09-20"],
  ["2021年9月20日～26日", "2021-09-20"],
  ["[2021-09-20~26]", "2021-09-20"],
  ["2021-W38", "2021-09-20"],
  ["Week 38, 2021", "2021-09-20"],
  ["2021年第38周", "2021-09-20"],
])("%s begins the week of %s", (line, monday) => {
  expect(weekOf(line, { heading: false })).toBe(monday);
});

test.each([
  "2021-09-20",
  "2021-13-01~07",
  "2021-02-30~06",
  "2021-01-01~2021-06-30",
  "from 2021-09-20~26 on",
  "2021-W60",
  "10.224.0.222",
])("%s begins none in plain text", (line) => {
  expect(weekOf(line, { heading: false })).toBeUndefined();
});

test("a lone date is a week where it is a heading", () => {
  expect(weekOf("2021-09-22", { heading: true })).toBe("2021-09-20");
  expect(weekOf("Week of 2021-09-22", { heading: true })).toBe("2021-09-20");
});
