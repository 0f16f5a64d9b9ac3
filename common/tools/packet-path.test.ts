import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressesOf,
  goals,
  networks,
  packetPath,
  places,
  podMtu,
  proxies,
  ruleProbabilities,
} from "./packet-path.ts";

const input = fc.record({
  network: fc.constantFrom(...networks),
  proxy: fc.constantFrom(...proxies),
  goal: fc.constantFrom(...goals),
  endpoints: fc.integer({ min: 1, max: 50 }),
  nodeMtu: fc.integer({ min: 1280, max: 9001 }),
});

describe("a packet's way", () => {
  test("begins in the pod and never goes back", () => {
    fc.assert(
      fc.property(input, (one) => {
        const at = packetPath(one).map(({ place }) => places.indexOf(place));
        expect(at[0]).toBe(0);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
      }),
    );
  });

  test("inside the cluster the target sees the client's own address", () => {
    fc.assert(
      fc.property(input, (one) => {
        const { client, world } = addressesOf(one.network);
        const last = packetPath(one).at(-1);
        expect(last?.from === client).toBe(one.goal !== "outside");
        expect(last?.to === world).toBe(one.goal === "outside");
      }),
    );
  });

  test("with eBPF no packet carries the Service's address, else the first two do", () => {
    const { service } = addressesOf("routes");
    const to = (proxy: (typeof proxies)[number]) =>
      packetPath({ network: "routes", proxy, goal: "service", endpoints: 2, nodeMtu: 1500 })
        .filter(({ kind }) => kind !== "choose-socket")
        .map((hop) => hop.to === service);
    expect(to("ebpf")).not.toContain(true);
    for (const proxy of ["iptables", "ipvs", "nftables"] as const)
      expect(to(proxy)).toEqual([true, true, false, false, false, false]);
  });

  test("each rule's probability gives every endpoint the same share", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        let left = 1;
        for (const probability of ruleProbabilities(count)) {
          expect(left * probability).toBeCloseTo(1 / count, 10);
          left *= 1 - probability;
        }
        expect(left).toBeCloseTo(0, 10);
      }),
    );
  });

  test("what a wrapper takes from the MTU", () => {
    expect(podMtu({ network: "flannel-vxlan", nodeMtu: 1500 })).toBe(1450);
    expect(podMtu({ network: "calico-ipip", nodeMtu: 1500 })).toBe(1480);
    expect(podMtu({ network: "amazon-vpc", nodeMtu: 9001 })).toBe(9001);
  });
});
