import fc from "fast-check";
import { expect, test } from "vitest";
import { fairSeats, squashedChance } from "./fair-seats.ts";

test.each([
  // hand, queues, then the chance with 1, 4 and 16 heavy flows, as the Kubernetes documentation lists them
  [12, 32, 4.428838398950118e-9, 0.11431348830099144, 0.9935089607656024],
  [6, 256, 2.7134626662687968e-12, 2.9516464018476436e-7, 0.0008895654642000348],
  [8, 128, 6.994461389026097e-13, 3.4055790161620863e-6, 0.02746173137155063],
])("hand %i of %i queues", (handSize, queues, one, four, sixteen) => {
  for (const [heavyFlows, expected] of [
    [1, one],
    [4, four],
    [16, sixteen],
  ] as const) {
    const chance = squashedChance({ handSize, queues, heavyFlows });
    expect(Math.abs(chance / expected - 1), `${heavyFlows} heavy flows: ${chance}`).toBeLessThan(1e-6);
  }
});

test("a level with the defaults: workload-low of 600 seats", () => {
  const input = { totalSeats: 600, shares: 100, allShares: 245, queues: 128, handSize: 6, queueLength: 50 };
  expect(fairSeats({ ...input, heavyFlows: 1 })).toMatchObject({ seats: 245, waiting: 6_400 });
});

const levels = fc.record({
  queues: fc.integer({ min: 1, max: 128 }),
  handSize: fc.integer({ min: 1, max: 12 }),
  heavyFlows: fc.integer({ min: 0, max: 12 }),
});

test("a chance is a chance, and no heavy flow less makes it worse", () => {
  fc.assert(
    fc.property(levels, (level) => {
      const chance = squashedChance(level);
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
      if (level.heavyFlows > 0)
        expect(squashedChance({ ...level, heavyFlows: level.heavyFlows - 1 })).toBeLessThanOrEqual(
          chance + 1e-9,
        );
    }),
  );
});

test("no level gets more seats than there are, save for rounding up", () => {
  const shares = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(shares, fc.integer({ min: 1, max: 5_000 }), (list, totalSeats) => {
      const allShares = list.reduce((sum, one) => sum + one, 0);
      const seats = list.map(
        (one) =>
          fairSeats({
            totalSeats,
            shares: one,
            allShares,
            queues: 1,
            handSize: 1,
            queueLength: 1,
            heavyFlows: 0,
          }).seats,
      );
      const sum = seats.reduce((all, one) => all + one, 0);
      expect(sum).toBeGreaterThanOrEqual(totalSeats);
      expect(sum).toBeLessThan(totalSeats + list.length);
    }),
  );
});
