import { expect, test } from "vitest";
import { durationMs, listRoutes, time } from "./istio-http-routes.ts";

test.each([
  ["0.5s", 500],
  ["1m30s", 90_000],
  ["250ms", 250],
  ["1h", 3_600_000],
  ["0s", 0],
  ["1.000000000s", 1000],
])("%s is %d ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "1", "s", "-1s", "1 s", undefined])("%s is no duration", (text) => {
  expect(durationMs(text)).toBeUndefined();
});

test("times are written for people", () => {
  expect([0, 25, 999.5, 1000, 1500].map(time)).toEqual(["0 s", "25 ms", "999.5 ms", "1 s", "1.5 s"]);
});

test("faults, mirrors and retries are read under their old and new names", () => {
  const { pick } = listRoutes(() => true);
  const picked = pick({
    metadata: { namespace: "shop", name: "cart" },
    spec: {
      http: [
        {
          fault: {
            delay: { percent: 100, fixedDelay: "2s" },
            abort: { httpStatus: 400, percentage: { value: 0.1 } },
          },
        },
        {
          mirror: { host: "a" },
          mirror_percent: 5,
          mirrors: [{ destination: { host: "b" }, percentage: { value: 1 } }],
        },
        {
          match: [{ headers: { test: {} } }],
          timeout: "1s",
          retries: { attempts: 2, retryOn: "5xx, reset" },
        },
      ],
    },
  });
  expect(picked).toMatchObject({
    gateways: ["mesh"],
    routes: [
      {
        narrow: false,
        delay: { share: 100, deprecated: true, what: "2s", seconds: 2 },
        abort: { share: 0.1, deprecated: false, what: "400" },
      },
      {
        mirrors: [
          { host: "a", share: 5, deprecated: true },
          { host: "b", share: 1, deprecated: false },
        ],
      },
      { at: "http[2]", narrow: true, timeoutMs: 1000, retries: { attempts: 2, on: ["5xx", "reset"] } },
    ],
  });
});
