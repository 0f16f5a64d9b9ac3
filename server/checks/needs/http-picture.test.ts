import fc from "fast-check";
import { expect, test } from "vitest";
import { pictureSchema } from "#common/picture.ts";
import type { Timed } from "./http-findings.ts";
import { spreadsOf, waterfallPicture } from "./http-picture.ts";

const time = fc.double({ min: 0, max: 60_000, noNaN: true });
const exchange = fc.array(time, { minLength: 6, maxLength: 6 }).map((times): Timed => {
  const [lookupMs = 0, connectMs = 0, tlsMs = 0, pretransferMs = 0, firstByteMs = 0, totalMs = 0] =
    times.toSorted((a, b) => a - b);
  return {
    ...{ url: "a.test/", address: "192.0.2.1", httpVersion: "1.1", status: 200, bodyBytes: 1, redirects: 0 },
    phases: { lookupMs, connectMs, tlsMs, pretransferMs, redirectMs: 0, firstByteMs, totalMs },
  };
});

test("steps follow one another, and no percentile is below the one before it", () => {
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1, maxLength: 50 }), (exchanges) => {
      const spreads = spreadsOf(exchanges);
      const picture = waterfallPicture(exchanges, spreads, ["wait"]);
      expect(pictureSchema.parse(picture)).toEqual(picture);
      const steps = picture.bars.slice(0, -1);
      for (const [index, bar] of steps.entries()) expect(bar.from).toBeCloseTo(steps[index - 1]?.to ?? 0, 1);
      for (const { p50, p90, p95, p99, most } of Object.values(spreads))
        expect([p50, p90, p95, p99, most].toSorted((a, b) => a - b)).toEqual([p50, p90, p95, p99, most]);
    }),
  );
});
