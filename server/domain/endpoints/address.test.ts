import { expect, test } from "vitest";
import { formatHostPort, parseBaseUrl, parseHostPort, parseHostPorts } from "./address.ts";

test.each([
  ["db.example", { host: "db.example", port: 3306 }],
  [" db.example:13306 ", { host: "db.example", port: 13306 }],
  ["10.1.2.3:1", { host: "10.1.2.3", port: 1 }],
  ["[2001:db8::1]:3307", { host: "2001:db8::1", port: 3307 }],
  ["[2001:db8::1]", { host: "2001:db8::1", port: 3306 }],
])("%s is a place", (text, place) => {
  expect(parseHostPort(text, 3306)).toEqual(place);
  expect(parseHostPort(formatHostPort(place), 1)).toEqual(place);
});

test.each([
  "",
  "db.example:0",
  "db.example:65536",
  "db.example:",
  "db.example:x",
  "2001:db8::1",
  "[db.example]:3306",
  "[10.1.2.3]:3306",
  "user@db.example",
  "mysql://db.example",
  "db.example/path",
  "0x7f000001",
  "127.1",
  "2130706433",
  "a b",
])("%j is none", (text) => {
  expect(parseHostPort(text, 3306)).toBeNull();
});

test("bootstrap addresses are a list of at most ten", () => {
  expect(parseHostPorts("a.example, b.example:19092", 9092)).toEqual([
    { host: "a.example", port: 9092 },
    { host: "b.example", port: 19092 },
  ]);
  expect(parseHostPorts("a.example,,b.example", 9092)).toBeNull();
  expect(
    parseHostPorts(Array.from({ length: 11 }, (_, index) => `b${index}.example`).join(), 9092),
  ).toBeNull();
});

test.each(["https://p.example", "http://10.0.0.1:9090/prometheus/", "https://[2001:db8::1]:8443/a"])(
  "%s is a base address",
  (text) => expect(parseBaseUrl(text)).toBeInstanceOf(URL),
);

test.each([
  "p.example",
  "ftp://p.example",
  "https://user:secret@p.example",
  "https://p.example/?q=1",
  "https://p.example/#a",
  "https://0x7f.1/",
  "https://2130706433/",
  "https://p.example\\@evil.example/",
  "https://p.example:99999/",
  "https:// p.example",
])("%s is none", (text) => expect(parseBaseUrl(text)).toBeNull());
