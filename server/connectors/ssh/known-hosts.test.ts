import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fingerprint, hostName, knownHosts, readKnownHosts } from "./known-hosts.ts";

const keyOf = (type: string, seed: string) => {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const body = createHash("sha256").update(seed).digest();
  return Buffer.concat([field(Buffer.from(type)), field(body)]).toString("base64");
};
const ed = (seed: string) => `ssh-ed25519 ${keyOf("ssh-ed25519", seed)}`;
const found = (text: string, host: string, port = 22) => {
  const { accepted, revoked } = knownHosts(readKnownHosts(text).keys)({ host, port });
  const seedOf = (key: Buffer) =>
    ["a", "b", "c"].find((seed) => keyOf("ssh-ed25519", seed) === key.toString("base64"));
  return { accepted: accepted.map(({ key }) => seedOf(key)), revoked: revoked.map(({ key }) => seedOf(key)) };
};

describe("known_hosts", () => {
  test("names hosts by name, list, port and pattern", () => {
    const text = `# comment\n\none,two ${ed("a")} comment\n[two]:2222 ${ed("b")}\n*.example,!bad.example ${ed("c")}`;
    expect(found(text, "ONE").accepted).toEqual(["a"]);
    expect(found(text, "two").accepted).toEqual(["a"]);
    expect(found(text, "two", 2222).accepted).toEqual(["b"]);
    expect(found(text, "x.example").accepted).toEqual(["c"]);
    expect(found(text, "bad.example").accepted).toEqual([]);
    expect(found(text, "three").accepted).toEqual([]);
  });

  test("names hashed hosts", () => {
    const salt = Buffer.alloc(20, 7);
    const hash = createHmac("sha1", salt).update("[n1]:2222").digest("base64");
    const text = `|1|${salt.toString("base64")}|${hash} ${ed("a")}`;
    expect(found(text, "n1", 2222).accepted).toEqual(["a"]);
    expect(found(text, "n1").accepted).toEqual([]);
  });

  test("keeps what is revoked apart", () => {
    expect(found(`@revoked one ${ed("a")}\none ${ed("b")}`, "one")).toEqual({
      accepted: ["b"],
      revoked: ["a"],
    });
  });

  test.each([
    [`@cert-authority * ${ed("a")}`, "cert-authority"],
    [`@other one ${ed("a")}`, "unknown-marker"],
    ["one", "incomplete"],
    ["one ssh-ed25519 !!!", "not-a-key"],
    [`one ssh-rsa ${keyOf("ssh-ed25519", "a")}`, "not-a-key"],
    [`one ssh-dss ${keyOf("ssh-dss", "a")}`, "weak-key"],
    [`|1|x|y ${ed("a")}`, "bad-hash"],
  ])("refuses %s", (line, problem) => {
    expect(readKnownHosts(`\n${line}`)).toEqual({ keys: [], problems: [{ line: 2, problem }] });
  });

  test("patterns take no time to speak of", () => {
    const text = `${"*a".repeat(2_000)} ${ed("a")}`;
    expect(found(text, "a".repeat(250)).accepted).toEqual([]);
  });

  test("fingerprints and names are as OpenSSH writes them", () => {
    expect(fingerprint(Buffer.from("x"))).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect([hostName({ host: "N1", port: 22 }), hostName({ host: "::1", port: 2 })]).toEqual([
      "n1",
      "[::1]:2",
    ]);
  });
});
