import { afterAll, beforeAll, expect, test } from "vitest";
import { createDialler } from "#server/connectors/dialler.ts";
import { createDnsConnector } from "#server/connectors/dns/client.ts";
import { createTlsConnector } from "#server/connectors/tls.ts";
import { createCertificateAuthority } from "#testing/certificates.ts";
import { codesOf, runOnEndpoint } from "#testing/endpoint-run.ts";
import { startUnbound, type Unbound } from "#testing/unbound.ts";
import { check } from "./doh-comparison.ts";

let honest: Unbound;
let filtering: Unbound;
let extraRootsPem: string;
beforeAll(async () => {
  const authority = await createCertificateAuthority();
  extraRootsPem = authority.certPem;
  const tls = await authority.issue({ names: ["dns.test"] });
  const records = "www A 192.0.2.1\nwww A 192.0.2.2\nmany A 192.0.2.3\nalias CNAME www";
  honest = await startUnbound({ zone: "example.test", records, tls });
  filtering = await startUnbound({ zone: "example.test", records: "www A 198.51.100.9\nmany A 192.0.2.3" });
});
afterAll(async () => {
  await honest?.stop();
  await filtering?.stop();
});

const dialler = createDialler({
  ...{ allowedRanges: ["127.0.0.0/8"], forbidden: [] },
  resolve: async () => ["127.0.0.1"],
});
function ask(name: string, params: Record<string, unknown> = {}) {
  const url = `https://dns.test:${honest.dohPort}/dns-query`;
  const own = { transport: "doh-wire", url, extraRootsPem } as const;
  const connectors = { dns: createDnsConnector({ dialler, own }), tls: createTlsConnector({ dialler }) };
  return runOnEndpoint(
    check,
    { name, url, resolver: `127.0.0.1:${honest.port}`, warnMs: 30_000, ...params },
    connectors,
  );
}

test("both agree, and time and certificate are measured", async () => {
  const outcome = await ask("alias.example.test");
  expect([outcome.verdict, ...codesOf(outcome).toSorted()]).toEqual([
    "pass",
    "pass certificate-valid certificate",
    "pass doh-fast-enough time",
    "pass same-answer A",
  ]);
  expect(outcome.measurements.map(({ name }) => name)).toEqual(["doh", "resolver", "handshake"]);
  expect(outcome.findings.find(({ code }) => code === "same-answer")?.observed).toBe(
    "DoH: 192.0.2.1, 192.0.2.2",
  );
});

test("a resolver that answers otherwise, or hides a name", async () => {
  const resolver = `127.0.0.1:${filtering.port}`;
  const changed = await ask("www.example.test", { resolver });
  expect([changed.verdict, ...codesOf(changed)]).toContain("warn different-answer A");
  const hidden = await ask("alias.example.test", { resolver });
  expect([hidden.verdict, ...codesOf(hidden)]).toContain("fail only-one-answers A");
  expect((await ask("many.example.test", { resolver })).verdict).toBe("pass");
});

test("a name that neither has is the same answer, a broken zone is none", async () => {
  expect(codesOf(await ask("nobody.example.test"))).toContain("pass same-answer A");
  expect(codesOf(await ask("x.broken.test"))).toContain("fail server-fails A");
});

test("a server whose certificate nobody vouches for", async () => {
  const url = `https://localhost:${honest.dohPort}/dns-query`;
  const outcome = await ask("www.example.test", { url });
  expect([outcome.verdict, ...codesOf(outcome)]).toEqual(["fail", "fail certificate-refused A"]);
});

test("a server that does not answer is not judged", async () => {
  const closed = await ask("www.example.test", { url: "https://169.254.169.254/dns-query" });
  expect([closed.verdict, ...codesOf(closed)]).toEqual(["unknown", "unknown doh-unread A"]);
});
