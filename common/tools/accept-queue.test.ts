import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptQueueMaximum, synQueueBefore44, synQueueOfTable, synQueueSince44 } from "./accept-queue.ts";

const inputs = fc.record({
  backlog: fc.integer({ min: 0, max: 100_000 }),
  somaxconn: fc.integer({ min: 1, max: 65_535 }),
  maxSynBacklog: fc.integer({ min: 1, max: 65_535 }),
  syncookies: fc.boolean(),
});

test("the example: 511, 128, 128 gives 128 and 256", () => {
  const input = { backlog: 511, somaxconn: 128, maxSynBacklog: 128, syncookies: true };
  expect(acceptQueueMaximum(input)).toBe(128);
  expect(synQueueOfTable(input).map((one) => one.value)).toEqual([128, 128, 128, 256, 256]);
  expect(synQueueSince44(input)).toBe(128);
});

/** As the old kernel did it: double until it fits. */
function tableBefore44(backlog: number, somaxconn: number, maxSynBacklog: number): number {
  let entries = backlog;
  if (entries > somaxconn) entries = somaxconn;
  if (entries > maxSynBacklog) entries = maxSynBacklog;
  if (entries < 8) entries = 8;
  let size = 1;
  while (size < entries + 1) size *= 2;
  let log = 3;
  while (1 << log < size) log += 1;
  return 1 << log;
}

/** As newer kernels decide it, one SYN after another, until one is refused. */
function fillSince44(accept: number, maxSynBacklog: number, syncookies: boolean): number {
  for (let length = 0; ; length += 1) {
    if (length >= accept) return length;
    if (!syncookies && maxSynBacklog - length < maxSynBacklog >> 2) return length;
  }
}

test("before 4.4 agrees with doubling step by step", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      expect(synQueueBefore44(input)).toBe(
        tableBefore44(input.backlog, input.somaxconn, input.maxSynBacklog),
      );
    }),
  );
});

test("since 4.4 agrees with filling the queue one SYN at a time", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const accept = acceptQueueMaximum(input);
      expect(synQueueSince44(input)).toBe(fillSince44(accept, input.maxSynBacklog, input.syncookies));
    }),
  );
});
