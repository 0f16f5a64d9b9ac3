import { describe, expect, test } from "vitest";
import { ageSeconds, cacheRules, cacheState } from "./cache-headers.ts";

const of = (headers: Record<string, string>) => new Map(Object.entries(headers));

describe("how long a shared cache may keep an answer", () => {
  test.each([
    [{ "cache-control": "public, max-age=3600" }, [], 3600],
    [{ "cache-control": 'max-age="60", s-maxage=600' }, [], 600],
    [{ "cache-control": "no-store" }, ["no-store"], null],
    [{ "cache-control": "Private, max-age=60" }, ["private"], 60],
    [{ "cache-control": "max-age=0" }, ["a lifetime of 0 s"], 0],
    [{}, [], null],
    [{ "set-cookie": "" }, ["Set-Cookie"], null],
    [{ "set-cookie": "", "cache-control": "public, max-age=5" }, [], 5],
    [{ vary: "*" }, ["Vary: *"], null],
    [{ vary: "Accept-Encoding" }, [], null],
    [{ expires: "Thu, 01 Jan 2026 00:01:00 GMT", date: "Thu, 01 Jan 2026 00:00:00 GMT" }, [], 60],
    [{ expires: "0", date: "Thu, 01 Jan 2026 00:00:00 GMT" }, ["a lifetime of 0 s"], 0],
  ] as const)("%j", (headers, forbidden, freshSeconds) => {
    expect(cacheRules(of(headers))).toEqual({ forbidden, freshSeconds });
  });
});

describe("what caches say of themselves", () => {
  test.each([
    [{ "cache-status": "ExampleCache; hit; ttl=376" }, "hit"],
    [{ "cache-status": "ExampleCache; fwd=uri-miss; stored" }, "miss"],
    [{ "cf-cache-status": "DYNAMIC" }, "bypass"],
    [{ "x-cache": "Hit from cloudfront" }, "hit"],
    [{ "x-cache": "HIT TCP_MEM_HIT dirn:2:43" }, "hit"],
    [{ "x-cache": "MISS, MISS" }, "miss"],
    [{ "x-cache-status": "EXPIRED" }, "miss"],
    [{ age: "12" }, "hit"],
    [{ age: "0" }, "silent"],
    [{ via: "1.1 varnish" }, "silent"],
    [{}, "silent"],
  ] as const)("%j", (headers, state) => {
    expect(cacheState(of(headers)).state).toBe(state);
  });

  test("age is a number of seconds or nothing", () => {
    expect([ageSeconds(of({ age: "61" })), ageSeconds(of({ age: "soon" })), ageSeconds(of({}))]).toEqual([
      61,
      null,
      null,
    ]);
  });
});
