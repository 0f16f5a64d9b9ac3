import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandHosts, maxHosts } from "./range.ts";

const names = (text: string) => expandHosts(text).hosts.map(({ host }) => host);

describe("a list of hosts", () => {
  test.each([
    ["a.example, b.example\nc.example # the third\n\n# none", ["a.example", "b.example", "c.example"]],
    ["node[08-11].example", ["node08.example", "node09.example", "node10.example", "node11.example"]],
    ["n[8-11]", ["n8", "n9", "n10", "n11"]],
    ["rack[a-b]-[1-2]", ["racka-1", "racka-2", "rackb-1", "rackb-2"]],
    ["db[1,3,07-08,x]", ["db1", "db3", "db07", "db08", "dbx"]],
    [
      "10.0.0.[1-3], 2001:db8::1, [2001:db8::2]",
      ["10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1", "2001:db8::2"],
    ],
    ["a, A, a", ["a"]],
  ])("%s", (text, expected) => {
    expect(expandHosts(text).errors).toEqual([]);
    expect(names(text)).toEqual(expected);
  });

  test("may name user and port", () => {
    expect(expandHosts("ops@n[1-2]:2222, [2001:db8::1]:22, n3:22").hosts).toEqual([
      { host: "n1", user: "ops", port: 2222 },
      { host: "n2", user: "ops", port: 2222 },
      { host: "2001:db8::1", port: 22 },
      { host: "n3", port: 22 },
    ]);
  });

  test.each([
    ["ok\n  n[1-", 2, 4, "unclosed-range"],
    ["a, n]", 1, 5, "unclosed-range"],
    ["n[]", 1, 3, "empty-range"],
    ["n[1,5-2]", 1, 5, "backwards-range"],
    ["n[a-Z]", 1, 3, "not-a-range"],
    ["n[1;2]", 1, 3, "not-a-range"],
    ["-oProxyCommand=x", 1, 1, "not-a-host"],
    ["a, $(id)", 1, 4, "not-a-host"],
    ["0177.0.0.1", 1, 1, "not-a-host"],
    ["256.0.0.1", 1, 1, "not-a-host"],
    ["n:0", 1, 3, "not-a-port"],
    ["n:65536", 1, 3, "not-a-port"],
    ["-x@n", 1, 1, "not-a-user"],
    ["n[1-999999999]", 1, 3, "too-many"],
    ["n[1-100]-[1-100]", 1, 2, "too-many"],
  ])("says where %j is wrong", (text, line, column, problem) => {
    expect(expandHosts(text).errors).toEqual([expect.objectContaining({ line, column, problem })]);
  });

  test("goes on after a line that is wrong", () => {
    const { hosts, errors } = expandHosts("a\nn[\nb");
    expect([hosts.map(({ host }) => host), errors.length]).toEqual([["a", "b"], 1]);
  });

  test("ends at its limit", () => {
    expect(expandHosts(`n[1-${maxHosts}]`)).toMatchObject({ errors: [] });
    const { hosts, errors } = expandHosts(`n[1-${maxHosts}]\none-more`);
    expect([hosts.length, errors]).toEqual([
      maxHosts,
      [{ line: 2, column: 1, problem: "too-many", part: "one-more" }],
    ]);
  });

  test("counts a range as its numbers say, each once, each with the head and the tail", () => {
    const digits = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(digits, fc.nat(60), fc.integer({ min: 1, max: 5 }), (from, count, width) => {
        const written = String(from).padStart(width, "0");
        const hosts = names(`n[${written}-${from + count}].x`);
        expect(hosts).toHaveLength(count + 1);
        expect(new Set(hosts).size).toBe(count + 1);
        expect(hosts[0]).toBe(`n${written.startsWith("0") ? written : from}.x`);
        expect(hosts.every((host) => /^n\d+\.x$/.test(host))).toBe(true);
      }),
    );
  });

  test("never fails, never grows beyond its limit, never lets a shell's or an option's words through", () => {
    const piece = fc.constantFrom(
      "n",
      "[",
      "]",
      "-",
      ",",
      "1",
      "09",
      "@",
      ":",
      " ",
      "\n",
      "#",
      "$(id)",
      "'",
      "a-z",
      ".",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 20 }).map((all) => all.join("")),
        ),
        (text) => {
          const { hosts, errors } = expandHosts(text);
          expect(hosts.length).toBeLessThanOrEqual(maxHosts);
          for (const { host, user = "x" } of hosts) {
            expect(host).toMatch(/^[A-Za-z0-9_.:-]+$/);
            expect(`${host}`.startsWith("-") || user.startsWith("-")).toBe(false);
          }
          const lines = text.split(/\r\n|\r|\n/);
          for (const { line, column } of errors) {
            expect(column).toBeGreaterThan(0);
            expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
