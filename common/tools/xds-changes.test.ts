import fc from "fast-check";
import { expect, test } from "vitest";
import { xdsChanges, xdsEffect } from "./xds-changes.ts";

test("a pod that becomes ready is news of endpoints alone", () => {
  expect(xdsEffect("pod", 100, 40)).toEqual({
    services: ["EDS"],
    audience: "scope",
    drains: false,
    receivers: 40,
    messages: 40,
  });
});

test("clusters come before what points at them", () => {
  expect(xdsEffect("service", 10, 10).services).toEqual(["CDS", "EDS", "LDS", "RDS"]);
  expect(xdsEffect("gateway", 10, 2).services).toEqual(["LDS", "RDS", "SDS"]);
});

test("a pod's own certificate concerns nobody else", () => {
  expect(xdsEffect("workload-certificate", 500, 500)).toMatchObject({ receivers: 1, messages: 1 });
});

test("no change reaches more proxies than there are, and each hears of at least one service", () => {
  fc.assert(
    fc.property(fc.constantFrom(...xdsChanges), fc.nat(5000), fc.nat(5000), (change, proxies, concerned) => {
      const { receivers, messages, services } = xdsEffect(change, proxies, concerned);
      expect(receivers).toBeLessThanOrEqual(Math.min(proxies, Math.max(1, concerned)));
      expect(services.length).toBeGreaterThan(0);
      expect(messages).toBe(receivers * services.length);
    }),
  );
});
