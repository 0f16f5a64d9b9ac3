import { expect, test } from "vitest";
import { createLane } from "./lane.ts";

const never = () => new Promise<never>(() => {});

test("no more than its width at a time, in the order they came", async () => {
  const lane = createLane(2);
  const { signal } = new AbortController();
  const log: string[] = [];
  let running = 0;
  const work = (name: string) => async () => {
    running += 1;
    log.push(`${name} ${running}`);
    await Promise.resolve();
    running -= 1;
    return name;
  };
  expect(await Promise.all(["a", "b", "c", "d"].map((name) => lane(signal, work(name))))).toEqual([
    ..."abcd",
  ]);
  expect(log.map((line) => line[0])).toEqual([..."abcd"]);
  expect(log.every((line) => Number(line.slice(2)) <= 2)).toBe(true);
});

test("a work that never ends gives its place back when it is aborted, and so does one that throws", async () => {
  const lane = createLane(1);
  const stop = new AbortController();
  const hanging = lane(stop.signal, never);
  const next = lane(new AbortController().signal, () => Promise.resolve("next"));
  stop.abort(new Error("enough"));
  await expect(hanging).rejects.toThrow("enough");
  expect(await next).toBe("next");
  await expect(lane(new AbortController().signal, () => Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  expect(await lane(new AbortController().signal, () => Promise.resolve("last"))).toBe("last");
});

test("what is aborted while it waits is never begun", async () => {
  const lane = createLane(1);
  const [first, second] = [new AbortController(), new AbortController()];
  const hanging = lane(first.signal, never);
  let begun = false;
  const waiting = lane(second.signal, async () => {
    begun = true;
  });
  second.abort(new Error("too late"));
  first.abort(new Error("enough"));
  await expect(hanging).rejects.toThrow("enough");
  await expect(waiting).rejects.toThrow("too late");
  expect(begun).toBe(false);
});

test("a work that rests lets others in, and has a place again before it goes on", async () => {
  const lane = createLane(1);
  const { signal } = new AbortController();
  const log: string[] = [];
  const woken = Promise.withResolvers<void>();
  const resting = lane(signal, async (pause) => {
    log.push("begins");
    await pause(() => woken.promise);
    log.push("goes on");
  });
  await lane(signal, async () => {
    log.push("another");
    woken.resolve();
    await Promise.resolve();
    log.push("another ends");
  });
  await resting;
  expect(log).toEqual(["begins", "another", "another ends", "goes on"]);
});

test("a work that is aborted while it rests leaves no place behind", async () => {
  const lane = createLane(1);
  const stop = new AbortController();
  const woken = Promise.withResolvers<void>();
  const resting = lane(stop.signal, (pause) => pause(() => woken.promise));
  stop.abort(new Error("enough"));
  await expect(resting).rejects.toThrow("enough");
  woken.resolve();
  const { signal } = new AbortController();
  expect(await Promise.all([lane(signal, async () => 1), lane(signal, async () => 2)])).toEqual([1, 2]);
});

test("who has rested goes before those who have not begun", async () => {
  const lane = createLane(1);
  const { signal } = new AbortController();
  const log: string[] = [];
  const woken = Promise.withResolvers<void>();
  const busy = Promise.withResolvers<void>();
  const rested = lane(signal, async (pause) => {
    await pause(() => woken.promise);
    log.push("rested");
  });
  const first = lane(signal, async () => {
    await busy.promise;
    log.push("first");
  });
  const second = lane(signal, async () => {
    log.push("second");
  });
  woken.resolve();
  await Promise.resolve();
  busy.resolve();
  await Promise.all([rested, first, second]);
  expect(log).toEqual(["first", "rested", "second"]);
});
