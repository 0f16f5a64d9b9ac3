import { expect, test } from "vitest";
import { bytes, calendarDay, duration, exactTime, number, percent, relativeTime } from "./format.ts";

const now = new Date("2026-11-22T12:00:00Z");
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [5, "now", "现在"],
  [59, "now", "现在"],
  [61, "1 minute ago", "1分钟前"],
  [3 * 3_600 + 10, "3 hours ago", "3小时前"],
  [86_400, "yesterday", "昨天"],
  [9 * 86_400, "last week", "上周"],
  [-120, "in 2 minutes", "2分钟后"],
])("%i s ago", (seconds, english, chinese) => {
  expect(relativeTime(before(seconds), now, "en")).toBe(english);
  expect(relativeTime(before(seconds), now, "zh-CN")).toBe(chinese);
});

test("a duration names its two largest units", () => {
  expect(duration(0.4, "en")).toBe("400 μs");
  expect(duration(4.24, "en")).toBe("4.2 ms");
  expect(duration(42, "en")).toBe("42 ms");
  expect(duration(1_540, "en")).toBe("1.5 sec");
  expect(duration(200_000, "en")).toBe("3 min 20 sec");
  expect(duration(7_500_000, "en")).toBe("2 hr 5 min");
  expect(duration(59_999, "en")).toBe("1 min");
});

test("sizes are powers of 1,024", () => {
  expect(bytes(0, "en")).toBe("0 B");
  expect(bytes(1_023, "en")).toBe("1,023 B");
  expect(bytes(1_572_864, "en")).toBe("1.5 MiB");
});

test("days, moments and numbers follow the language", () => {
  expect(calendarDay("2021-09-20", "en")).toBe("Sep 20, 2021");
  expect(calendarDay("2021-09-20", "zh-CN")).toBe("2021年9月20日");
  expect(exactTime(now, "en", "UTC")).toMatch(/^Nov 22, 2026, 12:00:00\sPM UTC$/);
  expect(number(12_004, "en")).toBe("12,004");
  expect(percent(0.053, "en")).toBe("5.3%");
});
