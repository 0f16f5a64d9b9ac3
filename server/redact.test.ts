import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuTimeMs } from "#testing/cpu-time.ts";
import { createRedactor } from "./redact.ts";

const canary = 'k8s-CANARY/7f3a+ü "quoted" 9b1c';
const redactor = createRedactor([canary]);

function embedded(before: string, encoding: "base64" | "base64url"): string {
  return Buffer.from(`${before}${canary} and what follows`).toString(encoding);
}

describe("a known secret does not come through", () => {
  test.each([
    ["as it is", canary],
    ["in base64", Buffer.from(canary).toString("base64")],
    ["in base64url", Buffer.from(canary).toString("base64url")],
    ["URL-encoded", encodeURIComponent(canary)],
    ["form-encoded", new URLSearchParams({ t: canary }).toString().slice(2)],
    ["JSON-escaped", JSON.stringify(canary)],
    ["JSON-escaped twice", JSON.stringify(JSON.stringify(canary))],
    ["in hex", Buffer.from(canary).toString("hex")],
    ["in upper-case hex", Buffer.from(canary).toString("hex").toUpperCase()],
  ])("%s", (_name, form) => {
    expect(redactor.text(`before ${form} after`)).not.toContain(form);
    expect(redactor.text(`before ${form} after`)).toMatch(/^before .*\[redacted\].* after$/);
  });

  test.each([
    ["base64", ""],
    ["base64", "x"],
    ["base64", "xy"],
    ["base64", "user:"],
    ["base64url", "x"],
    ["base64url", "xy"],
  ] as const)("inside %s after %j", (encoding, before) => {
    const output = redactor.text(embedded(before, encoding));
    expect(output).toContain("[redacted]");
    expect(Buffer.from(output.replace("[redacted]", ""), "base64").toString()).not.toContain("CANARY");
  });

  test("anywhere in plain JSON, keys too, and the rest is kept", () => {
    const input = { a: [1, null, true, { [`k ${canary}`]: `v ${canary}` }], when: "2026-11-22" };
    const output = redactor.value(input);
    expect(JSON.stringify(output)).not.toContain("CANARY");
    expect(output).toMatchObject({ a: [1, null, true, {}], when: "2026-11-22" });
    expect(input.a).toHaveLength(4);
  });
});

test("a secret of several lines is hidden line by line, its frame is not", () => {
  const body = ["MIGHAgEAMBMGByqGSM49AgEGCCqG", "SM49AwEHBG0wawIBAQQgcanary99"];
  const pem = `-----BEGIN CERTIFICATE-----\n${body.join("\n")}\n-----END CERTIFICATE-----\n`;
  const output = createRedactor([pem]).text(`line: ${body[1]}\n-----BEGIN CERTIFICATE-----\n`);
  expect(output).toBe("line: [redacted]\n-----BEGIN CERTIFICATE-----\n");
});

test("a short secret is hidden only as a whole word", () => {
  const { text } = createRedactor(["ab1"]);
  expect(text("ab1 (ab1) cab1s ab12 x=ab1")).toBe("[redacted] ([redacted]) cab1s ab12 x=[redacted]");
});

test("empty secrets hide nothing", () => {
  expect(createRedactor(["", "  "]).text("nothing to hide")).toBe("nothing to hide");
});

test("characters that mean something in a pattern are taken as they are", () => {
  const secret = "a.b*c+d?e^f$g{h}i(j)k|l[m]n\\o/p-q";
  expect(createRedactor([secret]).text(`<${secret}>`)).toBe("<[redacted]>");
  expect(createRedactor([secret]).text("<aXb*c+d?e^f$g{h}i(j)k|l[m]n\\o/p-q>")).toContain("aXb");
});

describe("what looks like a secret is hidden without being known", () => {
  const { text } = createRedactor([]);
  const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl";
  test.each([
    [`Authorization: Bearer abc123def456`, "abc123def456"],
    ["authorization: basic dXNlcjpjYW5hcnk=", "dXNlcjpjYW5hcnk"],
    [`found ${jwt} in a log`, "eyJzdWIi"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIEcanary\n-----END RSA PRIVATE KEY-----", "canary"],
    ["-----BEGIN PRIVATE KEY-----\nMIIEcanary cut off", "canary"],
    ["postgres://weekbook:canary1@db:5432/x", "canary1"],
    ["mysql -u root --password=canary1 db", "canary1"],
    ["DB_PASSWORD: canary1", "canary1"],
    ['{"password":"canary 1"}', "canary 1"],
    ['{\\"password\\":\\"canary 1\\"}', "canary 1"],
    ["client_secret='canary1'", "canary1"],
    ['{"password":"x\\"canary1"}', "canary1"],
    ['{"password":"canary 1, cut off', "canary"],
    ["token: 'canary 12345, cut off", "canary"],
    ["prefix-eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln", "eyJzdWIi"],
    ["api_key=canary12345", "canary12345"],
    ["GITHUB_TOKEN=canary12345", "canary12345"],
    ["aws AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
    [`key wbk_${"aB3-_".repeat(8)}xyz`, `wbk_${"aB3-_".repeat(8)}xyz`],
  ])("%j", (input, secret) => {
    expect(text(input)).not.toContain(secret);
    expect(text(input)).toContain("[redacted]");
  });

  test.each([
    "secretName: web-tls",
    "automountServiceAccountToken: false",
    "the bearer of bad news",
    "https://example.test:8443/path?x=1",
    "net.ipv4.tcp_max_syn_backlog = 4096",
    "-----BEGIN CERTIFICATE-----",
    "image: registry.example.test/team/app@sha256:4f5e",
    "1.2.3.4:6443: connection refused",
  ])("and %j stays", (input) => {
    expect(text(input)).toBe(input);
  });

  const mebibyte = 1 << 20;
  /** Far above what one pass over a mebibyte takes, far below what a quadratic search would. */
  const linearMs = 10_000;
  test.each([
    "a",
    "password ",
    "://",
    "a://",
    "a://b:",
    "eyJ-",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "token \\",
    "secret'",
    " ",
  ])("a mebibyte of %j takes no more than moments and stays", (part) => {
    const long = part.repeat(Math.ceil(mebibyte / part.length));
    let isSame = false;
    const tookMs = cpuTimeMs(() => {
      isSame = text(long) === long;
    });
    expect(tookMs).toBeLessThan(linearMs);
    expect(isSame).toBe(true);
  });

  test.each([
    "password=",
    'password="',
    "password='",
    "token: ",
    "-----BEGIN PRIVATE KEY-----",
    "eyJaaaaaaaa.",
    "bearer ",
  ])("a mebibyte of %j takes no more than moments", (part) => {
    const long = part.repeat(Math.ceil(mebibyte / part.length));
    let length = 0;
    const tookMs = cpuTimeMs(() => {
      ({ length } = text(long));
    });
    expect(tookMs).toBeLessThan(linearMs);
    expect(length).toBeLessThanOrEqual(long.length * 2);
  });
});

test("what holds nothing to hide is not copied, and what does leaves its source as it was", () => {
  const clean = { name: "web-0", labels: { app: "web" }, ports: [80, 443] };
  expect(redactor.value(clean)).toBe(clean);
  const mixed = { clean, note: `it is ${canary}` };
  const output = redactor.value(mixed);
  expect(output).not.toBe(mixed);
  expect(output.clean).toBe(clean);
  expect(mixed.note).toContain("CANARY");
});

test("a text seen before, and one too long to be remembered, come out the same", () => {
  const pieces = [
    "web-0",
    "eyJhbGciOi.eyJzdWIiOi.c2ln",
    "AKIAABCDEFGHIJKLMNOP",
    "password=",
    "a/b.c",
    " ",
    canary,
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 6 }), (parts) => {
      const input = parts.join("");
      const padding = `\n${"; ".repeat(100)}`;
      const once = redactor.text(input);
      expect(redactor.text(input)).toBe(once);
      expect(createRedactor([canary]).text(input + padding)).toBe(once + padding);
    }),
  );
});

test("a secret deep inside costs no more than its depth", () => {
  let nested: unknown = canary;
  for (let depth = 0; depth < 200; depth += 1) nested = { inner: [nested] };
  let output: unknown;
  const spentMs = cpuTimeMs(() => {
    output = redactor.value(nested);
  });
  expect(spentMs).toBeLessThan(1_000);
  expect(JSON.stringify(output)).not.toContain("CANARY");
});
