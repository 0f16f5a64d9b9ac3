import { describe, expect, test } from "vitest";
import { parseProcNetTcp, parseSs } from "./listen-sockets.ts";
import { parseMdstat } from "./mdstat.ts";

const header = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n";

describe("ss", () => {
  test("its table of listeners", () => {
    const stdout = `${header}LISTEN 0      4096       127.0.0.1:10248      0.0.0.0:*\n`;
    expect(parseSs({ stdout, exitCode: 0 })).toEqual([
      { address: "127.0.0.1", port: 10248, current: 0, maximum: 4096 },
    ]);
    expect(parseSs({ stdout: header, exitCode: 0 })).toEqual([]);
  });

  test.each([
    ["nothing at all", ""],
    ["no header", "LISTEN 0 4096 127.0.0.1:10248 0.0.0.0:*\n"],
    ["a listener of another shape", `${header}LISTEN 0 4096 /run/x 0.0.0.0:*\n`],
    ["a listener that was cut off", `${header}LISTEN 0 40`],
  ])("is no answer with %s", (_case, stdout) => {
    expect(parseSs({ stdout, exitCode: 0 })).toBeNull();
  });
});

test("a file of /proc without its header is not read as no listeners", () => {
  expect(() => parseProcNetTcp("")).toThrow();
});

test("an array in an unknown state, or no mdstat at all, is not read as no array", () => {
  expect(parseMdstat("Personalities : [raid1]\nunused devices: <none>\n")).toEqual([]);
  expect(() => parseMdstat("")).toThrow();
  expect(() => parseMdstat("Personalities : [raid1]\nmd0 : broken raid1 sda[0]\n")).toThrow();
});
