import fc from "fast-check";
import { expect, test } from "vitest";
import { byHeaderOrder, byTrustedHops, type ClientIpInput, hostOf } from "./real-client-ip.ts";

const nothing: ClientIpInput = { original: "", forwarded: "", realIp: "", peer: "", trusted: "" };
const given = (input: Partial<ClientIpInput>) => ({ ...nothing, ...input });

test("the peer is an address with a port", () => {
  expect(["10.0.0.1:443", "[2001:db8::1]:443", "10.0.0.1", "2001:db8::1", ""].map(hostOf)).toEqual([
    "10.0.0.1",
    "2001:db8::1",
    "",
    "",
    "",
  ]);
});

test("headers are asked in the order of the note", () => {
  const all = {
    original: " 1.1.1.1 , 2.2.2.2",
    forwarded: "3.3.3.3, 4.4.4.4",
    realIp: "5.5.5.5",
    peer: "6.6.6.6:1",
  };
  expect(byHeaderOrder(given(all))).toEqual({ address: "1.1.1.1", source: "original" });
  expect(byHeaderOrder(given({ ...all, original: "" }))).toEqual({ address: "3.3.3.3", source: "forwarded" });
  expect(byHeaderOrder(given({ ...all, original: "", forwarded: " , 4.4.4.4" }))).toEqual({
    address: "5.5.5.5",
    source: "realIp",
  });
  expect(byHeaderOrder(given({ peer: "6.6.6.6:1" }))).toEqual({ address: "6.6.6.6", source: "peer" });
  expect(byHeaderOrder(nothing)).toEqual({ address: "", source: "none" });
});

test("the last that is no proxy of ours is the client", () => {
  const input = given({
    forwarded: "192.0.2.1, 203.0.113.7, 10.9.9.9",
    peer: "10.0.3.4:5",
    trusted: "10.0.0.0/8",
  });
  expect(byTrustedHops(input).address).toBe("203.0.113.7");
  expect(byTrustedHops(input).hops.map(({ kind }) => kind)).toEqual(["unproven", "client", "proxy", "proxy"]);
  expect(byTrustedHops({ ...input, trusted: "" }).address).toBe("10.0.3.4");
  expect(
    byTrustedHops(given({ forwarded: "unknown", peer: "10.0.0.1:5", trusted: "10.0.0.0/8" })).address,
  ).toBe("10.0.0.1");
  expect(
    byTrustedHops(given({ forwarded: "10.1.1.1", peer: "10.0.0.1:5", trusted: "10.0.0.0/8" })).address,
  ).toBe("10.1.1.1");
});

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));

test("nothing that a client writes changes the address that is counted", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          octets.map((rest) => `10.${rest}`),
          fc.string(),
        ),
      ),
      octets,
      (written, rest) => {
        const client = `203.${rest}`;
        const forwarded = [...written.map((one) => one.replaceAll(",", "")), client].join(", ");
        const input = given({ forwarded, peer: "10.0.0.1:9", trusted: "10.0.0.0/8" });
        expect(byTrustedHops(input).address).toBe(client);
      },
    ),
  );
});
