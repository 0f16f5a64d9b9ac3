import { describe, expect, test } from "vitest";
import { type AddressClass, classify, isWithin, parseAddress, parseRanges, ranges } from "./address.ts";
import { isPlainHost } from "./host-name.ts";

const places: [AddressClass, string[]][] = [
  ["public", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]],
  ["loopback", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]],
  [
    "private",
    ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "fd12::1"],
  ],
  ["private", ["::ffff:10.0.0.1", "::ffff:a00:1", "64:ff9b::a00:1", "0:0:0:0:0:ffff:192.168.0.1"]],
  ["link-local", ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1", "::ffff:169.254.1.1"]],
  ["metadata", ["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "169.254.170.2"]],
  ["metadata", ["fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]],
  ["reserved", ["0.0.0.0", "0.1.2.3", "192.0.2.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1"]],
  [
    "reserved",
    ["255.255.255.255", "192.88.99.1", "::", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2001::1"],
  ],
  ["reserved", ["::127.0.0.1", "::7f00:1", "fec0::1", "100::1", "3fff::1", "64:ff9b:1::7f00:1", "5f00::1"]],
];

describe.each(places)("%s", (kind, texts) => {
  test.each(texts)("%s", (text) => {
    const address = parseAddress(text);
    expect(address && classify(address)).toBe(kind);
  });
});

test.each([
  ["a short form", "127.1"],
  ["octal parts", "0177.0.0.1"],
  ["padded parts", "127.000.000.001"],
  ["hexadecimal", "0x7f000001"],
  ["one number", "2130706433"],
  ["too large a part", "127.0.0.256"],
  ["five parts", "1.2.3.4.5"],
  ["a zone", "fe80::1%eth0"],
  ["a zone of IPv4 inside", "::ffff:127.0.0.1%1"],
  ["brackets", "[::1]"],
  ["octal parts inside IPv6", "::ffff:0177.0.0.1"],
  ["hexadecimal parts inside IPv6", "::ffff:0x7f.0.0.1"],
  ["a short form inside IPv6", "::ffff:127.1"],
  ["IPv4 in the middle of IPv6", "::127.0.0.1:ffff"],
  ["a port", "127.0.0.1:80"],
  ["a range", "127.0.0.0/8"],
  ["spaces", " 127.0.0.1"],
  ["a trailing dot", "127.0.0.1."],
  ["two gaps", "1::2::3"],
  ["nothing", ""],
  ["a name", "localhost"],
])("%s is no address", (_name, text) => {
  expect(parseAddress(text)).toBeNull();
});

test("the same address has one spelling", () => {
  expect(parseAddress("0:0:0:0:0:0:0:1")?.toString()).toBe("::1");
  expect(parseAddress("::FFFF:7F00:1")?.toString()).toBe("127.0.0.1");
});

test("a range holds addresses of its own family, and translated ones as what they lead to", () => {
  const [four, six] = [ranges("0.0.0.0/0"), ranges("::/0")];
  const [v4, v6, mapped] = ["10.0.0.1", "fd00::1", "::ffff:10.0.0.1"].map((text) => parseAddress(text));
  if (!v4 || !v6 || !mapped) throw new Error("not parsed");
  expect([isWithin(v4, four), isWithin(v6, four), isWithin(mapped, four)]).toEqual([true, false, true]);
  expect([isWithin(v4, six), isWithin(v6, six), isWithin(mapped, six)]).toEqual([false, true, false]);
});

test("an administrator's list is read, or refused as a whole", () => {
  expect(parseRanges(" 127.0.0.0/8, fd00::/8 ,,10.0.0.1/32")).toEqual([
    "127.0.0.0/8",
    "fd00::/8",
    "10.0.0.1/32",
  ]);
  expect(parseRanges("")).toEqual([]);
  for (const bad of ["127.0.0.1", "10.0.0.0/33", "any", "10.0.0.0/8 fd00::/8", "10.0.0.0/8,no"]) {
    expect(() => parseRanges(bad)).toThrow();
  }
});

describe("a plain host", () => {
  test.each([
    "localhost",
    "api.example.test",
    "API.Example.Test",
    "my_host",
    "xn--bcher-kva.example",
    "a1",
    "1a",
    "10.20.30.40",
    "::1",
    "2001:db8::1",
    "123.example.test",
    `${"a".repeat(63)}.test`,
  ])("%s", (host) => expect(isPlainHost(host)).toBe(true));

  test.each([
    "",
    ".",
    "a..b",
    "api.example.test.",
    ".example.test",
    "-a.test",
    "a-.test",
    "bücher.example",
    "１２７.0.0.1",
    "127。0。0。1",
    "a b",
    "a\n",
    "a/b",
    "a@b",
    "a%2eb",
    "[::1]",
    "127.1",
    "0x7f.1",
    "0x7f",
    "0X7F",
    "example.0x1",
    "example.1",
    "2130706433",
    "017700000001",
    "1.2.3.4.5",
    "256.1.1.1",
    "fe80::1%lo",
    `${"a".repeat(64)}.test`,
    `${"a.".repeat(127)}`,
    `${"abcdefgh.".repeat(29)}test`,
  ])("not %j", (host) => expect(isPlainHost(host)).toBe(false));
});
