import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ackChoices,
  commitChoices,
  endurance,
  type KafkaSettings,
  kafkaSteps,
  mended,
  placesOf,
  resetChoices,
} from "./kafka-settings.ts";

const usual: KafkaSettings = {
  ...{ replicas: 3, minInSync: 2, acks: "all", retried: true },
  ...{ unclean: false, commit: "after", reset: "earliest" },
};
const badOf = (settings: KafkaSettings) =>
  placesOf(settings).flatMap(({ id, state }) => (state === "safe" ? [] : [id]));

test("three copies, two of them in sync, and everybody careful: one broker may be lost", () => {
  expect(badOf(usual)).toEqual([]);
  expect(kafkaSteps(usual)).toEqual([]);
  expect(endurance(usual)).toEqual({ survives: 1, away: 1 });
});

test("each setting has its place", () => {
  expect(badOf({ ...usual, acks: "1" })).toEqual(["acks1"]);
  expect(badOf({ ...usual, minInSync: 1 })).toEqual(["acksAllOfOne"]);
  expect(badOf({ ...usual, minInSync: 3 })).toEqual(["noSpare"]);
  expect(badOf({ ...usual, minInSync: 4 })).toEqual(["neverWritten"]);
  expect(badOf({ ...usual, replicas: 1, minInSync: 1 })).toEqual(["acksAllOfOne", "oneCopy"]);
  expect(badOf({ ...usual, unclean: true, commit: "auto" })).toEqual(["unclean", "commit-auto"]);
  expect(badOf({ ...usual, reset: "latest", retried: false })).toEqual(["notRetried", "resetLatest"]);
});

test("an unclean election makes every copy but the leader's worthless", () => {
  expect(endurance({ ...usual, unclean: true }).survives).toBe(0);
  expect(endurance({ ...usual, acks: "1" })).toEqual({ survives: 0, away: 2 });
  expect(endurance({ ...usual, replicas: 5, minInSync: 3 })).toEqual({ survives: 2, away: 2 });
});

test("what is proposed leaves nothing to be lost, and no more to propose", () => {
  const settings = fc.record<KafkaSettings>({
    replicas: fc.integer({ min: 1, max: 7 }),
    minInSync: fc.integer({ min: 1, max: 7 }),
    acks: fc.constantFrom(...ackChoices),
    retried: fc.boolean(),
    unclean: fc.boolean(),
    commit: fc.constantFrom(...commitChoices),
    reset: fc.constantFrom(...resetChoices),
  });
  fc.assert(
    fc.property(settings, (one) => {
      expect(badOf(mended(one))).toEqual([]);
      expect(kafkaSteps(mended(one))).toEqual([]);
      if (badOf(one).length > 0) expect(kafkaSteps(one).length).toBeGreaterThan(0);
      const { survives, away } = endurance(one);
      expect(survives + away).toBeLessThan(Math.max(one.replicas, 1) + 1);
    }),
  );
});
