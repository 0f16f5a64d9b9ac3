import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeUrl, settleUrl, urlChanges } from "./url-changes.ts";

let here: URL;
const steps: string[] = [];
const go = (kind: string) => (_data: unknown, _title: string, address: string) => {
  steps.push(`${kind} ${address}`);
  here = new URL(address, here);
  vi.stubGlobal("location", here);
};

beforeEach(() => {
  vi.useFakeTimers();
  here = new URL("http://weekbook.test/ops/runbooks?cluster=one#see-it");
  steps.length = 0;
  vi.stubGlobal("location", here);
  vi.stubGlobal("window", { history: { pushState: go("push"), replaceState: go("replace") } });
});
afterEach(() => {
  vi.runAllTimers();
  settleUrl();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const set = (key: string, text: string | null, manner = {}) => changeUrl(new Map([[key, text]]), manner);

test("is shown at once and reaches the address in one step, the rest of it untouched", () => {
  for (const value of ["1", "2", "3"]) set("raid.disks", value);
  set("raid.failed", "1,2");
  expect(urlChanges.read().get("raid.disks")).toBe("3");
  expect(steps).toEqual([]);
  vi.advanceTimersByTime(80);
  expect(steps).toEqual(["replace /ops/runbooks?cluster=one&raid.disks=3&raid.failed=1,2#see-it"]);
});

test("stays shown until the address says it", () => {
  set("q", "quota");
  settleUrl();
  expect(urlChanges.read().get("q")).toBe("quota");
  vi.advanceTimersByTime(80);
  expect(urlChanges.read().get("q")).toBe("quota");
  settleUrl();
  expect(urlChanges.read().size).toBe(0);
});

test("a step for the back button is taken at once and asks the server where it matters", () => {
  const asked: string[] = [];
  set("cluster", null, { history: "push", server: { replace: (url: string) => asked.push(url) } });
  expect(steps).toEqual(["push /ops/runbooks#see-it"]);
  expect(asked).toEqual(["/ops/runbooks#see-it"]);
});

test("what was meant for one page does not reach the next", () => {
  set("q", "quota");
  vi.stubGlobal("location", new URL("http://weekbook.test/ops/history"));
  vi.advanceTimersByTime(80);
  expect(steps).toEqual([]);
  expect(urlChanges.read().size).toBe(0);
});
