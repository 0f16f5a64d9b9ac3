import { expect, test } from "vitest";
import { firstIdAt } from "../id-time.ts";
import { newestFirst, windowsBack } from "./windows.ts";

const now = new Date("2026-03-01T00:00:00Z");
const idAt = (time: string) => firstIdAt(new Date(time).getTime());

test("windows lie beside each other, newest first, and cover everything", () => {
  const windows = windowsBack({ fromId: undefined, toId: undefined }, now);
  expect(windows).toEqual([
    { fromId: idAt("2026-01-29"), toId: undefined },
    { fromId: idAt("2025-10-28"), toId: idAt("2026-01-29") },
    { fromId: undefined, toId: idAt("2025-10-28") },
  ]);
});

test("a range within a step is one window, and one in the future ends as it was asked", () => {
  const range = { fromId: idAt("2025-01-01"), toId: idAt("2025-01-09") };
  expect(windowsBack(range, now)).toEqual([range]);
  const toId = idAt("2100-01-01");
  expect(windowsBack({ fromId: idAt("2026-02-01"), toId }, now)).toEqual([
    { fromId: idAt("2026-02-01"), toId },
  ]);
});

test("what is full is not asked further", async () => {
  const asked: number[] = [];
  const windows = windowsBack({ fromId: undefined, toId: undefined }, now);
  const rows = await newestFirst(windows, 3, async (window, limit) => {
    asked.push(limit);
    return [`${window.toId} a`, `${window.toId} b`].slice(0, limit);
  });
  expect(rows).toHaveLength(3);
  expect(asked).toEqual([3, 1]);
});
