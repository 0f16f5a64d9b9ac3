import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fromWire } from "#common/wire.ts";
import { followRun } from "./follow-run.ts";

class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  closed = false;
  input: unknown;
  constructor(url: string) {
    super();
    const search = new URL(url, "http://weekbook.test").searchParams;
    this.input = fromWire(JSON.parse(search.get("input") ?? "null"));
    FakeSource.opened.push(this);
  }
  close() {
    this.closed = true;
  }
  say(type: string, data: unknown = null, lastEventId = "") {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }
}

const updates: unknown[] = [];
const broken: boolean[] = [];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  for (const list of [FakeSource.opened, updates, broken]) list.length = 0;
  const follower = {
    onUpdate: (update: unknown) => void updates.push(update),
    onBroken: (is: boolean) => void broken.push(is),
  };
  stop = followRun({ team: "ops", runId: "r1", seq: 4 }, follower);
  newest().say("connected", {});
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function newest(): FakeSource {
  const source = FakeSource.opened.at(-1);
  if (!source) throw new Error("No stream was opened");
  return source;
}

test("begins after what the page holds and hands on what it hears", () => {
  expect(newest().input).toEqual({ team: "ops", runId: "r1", lastEventId: "4" });
  newest().say("message", { seq: 5 }, "5");
  expect(updates).toEqual([{ seq: 5 }]);
});

test("a broken stream is opened again after the last change heard", () => {
  newest().say("message", { seq: 7 }, "7");
  newest().say("error");
  expect(broken).toEqual([false, true]);
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.opened.map(({ closed }) => closed)).toEqual([true, false]);
  expect(newest().input).toMatchObject({ lastEventId: "7" });
  newest().say("connected", {});
  expect(broken).toEqual([false, true, false]);
});

test("pings keep a stream; silence ends it", () => {
  vi.advanceTimersByTime(20_000);
  newest().say("ping");
  vi.advanceTimersByTime(20_000);
  expect(FakeSource.opened).toHaveLength(1);
  vi.advanceTimersByTime(6_000);
  expect(FakeSource.opened).toHaveLength(2);
});

test("waits longer each time it is not let in", () => {
  newest().say("error");
  for (const waitMs of [1_000, 2_000, 4_000]) {
    const before = FakeSource.opened.length;
    vi.advanceTimersByTime(waitMs - 1);
    expect(FakeSource.opened).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(FakeSource.opened).toHaveLength(before + 1);
    newest().say("error");
  }
});

test.each([
  ["the end of the run", "return", null],
  ["a refusal", "serialized-error", { data: { httpStatus: 404 } }],
])("%s is final", (_, type, data) => {
  newest().say(type, data);
  vi.advanceTimersByTime(120_000);
  expect(FakeSource.opened).toHaveLength(1);
  expect(newest().closed).toBe(true);
});

test("what fails on the server is tried again", () => {
  newest().say("serialized-error", { data: { httpStatus: 500 } });
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.opened).toHaveLength(2);
});
