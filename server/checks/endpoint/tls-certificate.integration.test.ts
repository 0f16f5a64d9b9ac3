import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import type { Finding } from "#common/result.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { createTlsConnector } from "#server/connectors/tls.ts";
import { execute } from "#server/engine/execute.ts";
import type { Outcome } from "#server/engine/execution.ts";
import { createCertificateAuthority, type IssueOptions, type KeyType } from "#testing/certificates.ts";
import { openssl } from "#testing/openssl.ts";
import { check } from "./tls-certificate.ts";

const serverName = "shop.example.test";
const dayMs = 86_400_000;

type Chain = { root: string; intermediate: string; leaf: string; key: string };

async function makeChain(keyType: KeyType, options: IssueOptions = {}): Promise<Chain> {
  const years = { keyType, notAfter: new Date(Date.now() + 1000 * dayMs) };
  const root = await createCertificateAuthority({ name: "Test root", ...years });
  const intermediate = await root.intermediate({ name: "Test intermediate", ...years });
  const notAfter = new Date(Date.now() + 90 * dayMs);
  const leaf = await intermediate.issue({ names: [serverName], keyType, notAfter, ...options });
  return { root: root.certPem, intermediate: intermediate.certPem, leaf: leaf.certPem, key: leaf.keyPem };
}

/** A real TLS server that sends `cert` as it is. */
async function serve(cert: string, key: string): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<TLSSocket>();
  const server = createServer({ cert, key }, (socket) => sockets.add(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Through the engine and the real connector, as a run does it. */
async function ask(port: number, params: { trustPem: string; serverName?: string }): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const tls = createTlsConnector({
    dialler: createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] }),
  });
  await execute(
    [
      {
        key: "q",
        check,
        params: check.params.parse({ endpoint: `127.0.0.1:${port}`, serverName, ...params }),
        target: { kind: "endpoint", key: "e", name: "e", connectors: { tls }, own: [] },
      },
    ],
    {
      scope: "test",
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type === "outcome") outcomes.push(event.outcome);
      },
    },
  );
  const [outcome] = outcomes;
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

const find = (outcome: Outcome, code: string, part = "") =>
  outcome.findings.find((one) => one.code === code && (one.subject.part ?? "").startsWith(part));
const codes = (outcome: Outcome, verdict: Finding["verdict"]) =>
  outcome.findings.filter((one) => one.verdict === verdict).map((one) => one.code);
const evidence = (finding: Finding | undefined, source: string) =>
  finding?.evidence?.find((one) => one.source === source)?.excerpt;

async function askChain(chain: Chain, sent: string, params: { serverName?: string } = {}): Promise<Outcome> {
  await using server = await serve(sent, chain.key);
  return await ask(server.port, { trustPem: chain.root, ...params });
}

describe.each(["rsa", "ecdsa"] as const)("a good %s chain", (keyType) => {
  test("passes, and every value of every step is what openssl says", async () => {
    using ssl = openssl();
    const chain = await makeChain(keyType);
    const outcome = await askChain(chain, chain.leaf + chain.intermediate);
    expect(outcome.verdict).toBe("pass");
    expect(codes(outcome, "pass")).toEqual(
      expect.arrayContaining(["chain-sent", "chain-in-order", "name-matches", "trusted"]),
    );
    const path = [chain.leaf, chain.intermediate, chain.root];
    for (const [index, pem] of path.entries()) {
      const said = ssl.read(pem);
      const issuer = path[index + 1] ?? pem;
      const place = `#${index + 1} `;
      const signature = find(outcome, "signature-matches", place);
      expect(ssl.verifySignature(pem, issuer)).toBe(true);
      expect(signature?.expected).toBe(`sha256 ${said.sha256}`);
      expect(evidence(signature, "signature")).toBe(said.signatureHex);
      expect(evidence(signature, "signature algorithm")).toBe(said.algorithm);
      if (keyType === "rsa") {
        const digestInfo = ssl.recover(pem, issuer);
        expect(evidence(signature, "DigestInfo recovered from the signature")).toBe(digestInfo);
        expect(signature?.observed).toBe(`sha256 ${digestInfo.slice(-64)}`);
      } else {
        const [r, s] = ssl.ecdsa(pem);
        expect(evidence(signature, "r, s")).toBe(`r = ${r}\ns = ${s}`);
      }
      expect(find(outcome, "dates-valid", place)?.observed).toBe(
        `${said.notBefore.toISOString()} – ${said.notAfter.toISOString()}`,
      );
    }
    for (const [index, pem] of [chain.leaf, chain.intermediate].entries())
      expect(evidence(find(outcome, "chain-sent"), `certificate #${index + 1}`)).toContain(
        `serial ${ssl.read(pem).serial}\n`,
      );
    const verified = ssl.verify({
      leaf: chain.leaf,
      untrusted: chain.intermediate,
      root: chain.root,
      name: serverName,
    });
    expect(verified.ok).toBe(true);
  });

  test("expired: openssl and the check agree, on the date as the cause", async () => {
    using ssl = openssl();
    const notAfter = new Date(Date.now() - 3 * dayMs);
    const chain = await makeChain(keyType, { notAfter, notBefore: new Date(Date.now() - 30 * dayMs) });
    const outcome = await askChain(chain, chain.leaf + chain.intermediate);
    expect(codes(outcome, "fail").sort()).toEqual(["expired", "refused-for-dates"]);
    const verified = ssl.verify({ leaf: chain.leaf, untrusted: chain.intermediate, root: chain.root });
    expect(verified.output).toContain("certificate has expired");
  });

  test("another name", async () => {
    using ssl = openssl();
    const chain = await makeChain(keyType);
    const name = "www.example.test";
    const outcome = await askChain(chain, chain.leaf + chain.intermediate, { serverName: name });
    expect(codes(outcome, "fail")).toEqual(["name-mismatch"]);
    expect(find(outcome, "name-mismatch")).toMatchObject({ observed: serverName, expected: name });
    const verified = ssl.verify({ leaf: chain.leaf, untrusted: chain.intermediate, root: chain.root, name });
    expect(verified.output.toLowerCase()).toContain("hostname mismatch");
  });

  test("missing intermediate", async () => {
    using ssl = openssl();
    const chain = await makeChain(keyType);
    const outcome = await askChain(chain, chain.leaf);
    expect(codes(outcome, "fail")).toEqual(["issuer-missing"]);
    const verified = ssl.verify({ leaf: chain.leaf, root: chain.root });
    expect(verified.output).toContain("unable to get local issuer certificate");
  });

  test("wrong order is only a warning, since openssl sorts the chain itself", async () => {
    using ssl = openssl();
    const chain = await makeChain(keyType);
    const outcome = await askChain(chain, chain.leaf + chain.root + chain.intermediate);
    expect(outcome.verdict).toBe("warn");
    expect(codes(outcome, "warn")).toEqual(["chain-out-of-order"]);
    const verified = ssl.verify({
      leaf: chain.leaf,
      untrusted: chain.root + chain.intermediate,
      root: chain.root,
    });
    expect(verified.ok).toBe(true);
  });
});
