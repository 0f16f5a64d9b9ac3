import fc from "fast-check";
import { expect, test } from "vitest";
import { journeys, readPorts, type SidecarInput, sidecarPath } from "./sidecar-path.ts";

const base: SidecarInput = {
  journey: "outbound",
  port: 8080,
  excludedInbound: [],
  excludedOutbound: [],
  asProxy: false,
};
const endOf = (change: Partial<SidecarInput>) => sidecarPath({ ...base, ...change }).end;

test.each([
  [{}, "15001"],
  [{ journey: "inbound" }, "15006"],
  [{ journey: "proxy-outbound" }, "past"],
  [{ journey: "own-service" }, "15006"],
  [{ journey: "localhost" }, "past"],
  [{ journey: "probe" }, "proxy-port"],
  [{ excludedOutbound: [3306, 8080] }, "past"],
  [{ excludedOutbound: [3306] }, "15001"],
  [{ journey: "inbound", excludedInbound: [8080] }, "past"],
  [{ journey: "inbound", port: 15090 }, "proxy-port"],
  [{ asProxy: true }, "past"],
] as const)("%j ends at %s", (change, end) => {
  expect(endOf(change)).toBe(end);
});

test("the rules tried are those of the table, in its order", () => {
  const { steps } = sidecarPath({ ...base, excludedOutbound: [5432] });
  expect(steps.filter(({ hit }) => hit).map(({ rule }) => rule)).toEqual([
    "-A OUTPUT -j ISTIO_OUTPUT",
    "-A ISTIO_OUTPUT -j ISTIO_REDIRECT",
    "-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001",
  ]);
  expect(steps[1]?.rule).toBe("-A ISTIO_OUTPUT -p tcp --dport 5432 -j RETURN");
});

test("every way ends, and in each chain at most one rule hits", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const input = fc.record({
    journey: fc.constantFrom(...journeys),
    port,
    excludedInbound: fc.array(port, { maxLength: 4 }),
    excludedOutbound: fc.array(port, { maxLength: 4 }),
    asProxy: fc.boolean(),
  });
  fc.assert(
    fc.property(input, (one) => {
      const hits = sidecarPath(one).steps.filter(({ hit }) => hit);
      expect(new Set(hits.map(({ chain }) => chain)).size).toBe(hits.length);
    }),
  );
});

test("lists of ports are read or refused as a whole", () => {
  expect(readPorts(" 8080, 9090,")).toEqual([8080, 9090]);
  expect(readPorts("")).toEqual([]);
  expect(readPorts("80,80")).toEqual([80]);
  for (const text of ["8080;9090", "70000", "0", "http", "-1"]) expect(readPorts(text), text).toBeNull();
});
