import { X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer as createPlainServer } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type CertificateAuthority,
  createCertificateAuthority,
  type KeyType,
} from "#testing/certificates.ts";
import type { TlsHandshake } from "../checks/needs/tls.ts";
import { ReadError } from "./connector.ts";
import { createDialler } from "./dialler.ts";
import { createTlsConnector } from "./tls.ts";

const meter = { call() {}, bytes() {}, throttled() {} };
const dialler = createDialler({
  allowedRanges: ["127.0.0.0/8"],
  forbidden: [],
  resolve: async () => ["127.0.0.1"],
});
const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => socket.on("error", () => undefined));
  server.on("tlsClientError", () => undefined);
  servers.push(server);
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  return (server.address() as AddressInfo).port;
}

async function look(
  port: number,
  request: { host?: string; serverName?: string; extraRootsPem?: string; handshakeTimeoutMs?: number } = {},
): Promise<TlsHandshake> {
  const { handshakeTimeoutMs, host = "api.example.test", ...rest } = request;
  const connector = createTlsConnector({ dialler, handshakeTimeoutMs });
  return connector.handshake({ host, port, ...rest }, { signal: AbortSignal.timeout(20_000), meter });
}

async function tokenOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ReadError);
  return error instanceof ReadError ? `${error.reason.code}/${error.reason.detail?.split(":")[0]}` : "";
}

const der = (pem: string) => new X509Certificate(pem).raw.toString("base64");
const blocks = (pem: string) => pem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n?/g) ?? [];

let root: CertificateAuthority;
let middle: CertificateAuthority;
let stranger: CertificateAuthority;
beforeAll(async () => {
  root = await createCertificateAuthority();
  middle = await root.intermediate();
  stranger = await createCertificateAuthority({ name: "Stranger", keyType: "rsa" });
});

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (version) => {
  const only = { minVersion: version, maxVersion: version };

  test.each(["rsa", "ecdsa"] as KeyType[])("reads the chain of a good %s server as sent", async (keyType) => {
    const leaf = await middle.issue({ names: ["api.example.test"], keyType });
    const port = await serve({ key: leaf.keyPem, cert: leaf.chainPem, ...only });
    const seen = await look(port, { extraRootsPem: root.certPem });
    expect(seen.sent).toEqual(blocks(leaf.chainPem).map(der));
    expect(seen.sentIsReconstructed).toBeUndefined();
    expect(seen.verifyError).toBeNull();
    expect(seen.verifiedChain).toEqual([der(leaf.certPem), der(middle.certPem), der(root.certPem)]);
    expect(seen).toMatchObject({
      protocol: version,
      endpoint: `api.example.test:${port}`,
      serverName: "api.example.test",
      address: "127.0.0.1",
    });
    expect(seen.handshakeMs).toBeGreaterThan(0);
  });

  test("reads a chain in the order it was sent, with what does not belong to it", async () => {
    const leaf = await middle.issue({ names: ["api.example.test"] });
    const sent = [leaf.certPem, root.certPem, stranger.certPem, middle.certPem];
    const port = await serve({ key: leaf.keyPem, cert: sent.join(""), ...only });
    const seen = await look(port, { extraRootsPem: root.certPem });
    expect(seen.sent).toEqual(sent.map(der));
  });

  test("sees that the intermediate is missing", async () => {
    const leaf = await middle.issue({ names: ["api.example.test"] });
    const port = await serve({ key: leaf.keyPem, cert: leaf.certPem, ...only });
    const seen = await look(port, { extraRootsPem: root.certPem });
    expect(seen.sent).toEqual([der(leaf.certPem)]);
    expect(seen.verifyError).toBe("UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
    expect(seen.verifiedChain).toBeNull();
  });

  test("sees an expired certificate, a wrong name and an unknown root", async () => {
    const old = await root.issue({ names: ["api.example.test"], notAfter: new Date("2020-01-01T00:00:00Z") });
    const oldPort = await serve({ key: old.keyPem, cert: old.certPem, ...only });
    expect((await look(oldPort, { extraRootsPem: root.certPem })).verifyError).toBe("CERT_HAS_EXPIRED");

    const other = await root.issue({ names: ["other.example.test"] });
    const otherPort = await serve({ key: other.keyPem, cert: other.certPem, ...only });
    const mismatch = await look(otherPort, { extraRootsPem: root.certPem });
    expect(mismatch.verifyError).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(mismatch.verifiedChain).toEqual([der(other.certPem), der(root.certPem)]);
    const named = await look(otherPort, { extraRootsPem: root.certPem, serverName: "other.example.test" });
    expect(named.verifyError).toBeNull();

    const unknown = await look(otherPort, { serverName: "other.example.test" });
    expect(unknown.verifyError).not.toBeNull();
    expect(unknown.verifiedChain).toBeNull();
    expect(unknown.sent).toEqual([der(other.certPem)]);
  });

  test("reads a long chain that spans several records", async () => {
    let authority = root;
    for (let depth = 0; depth < 30; depth++)
      authority = await authority.intermediate({ name: `Level ${depth}` });
    const leaf = await authority.issue({ names: ["api.example.test"] });
    const port = await serve({ key: leaf.keyPem, cert: leaf.chainPem, ...only });
    const seen = await look(port, { extraRootsPem: root.certPem });
    expect(seen.sent).toEqual(blocks(leaf.chainPem).map(der));
    expect(seen.sent).toHaveLength(31);
  });
});

test.each(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])(
  "reads what was sent under %s",
  async (ciphers) => {
    const leaf = await middle.issue({ names: ["api.example.test"] });
    const port = await serve({ key: leaf.keyPem, cert: leaf.chainPem, ciphers });
    const seen = await look(port, { extraRootsPem: root.certPem });
    expect(seen.cipher).toBe(ciphers);
    expect(seen.sent).toEqual(blocks(leaf.chainPem).map(der));
    expect(seen.sentIsReconstructed).toBeUndefined();
  },
);

test("reads what was sent after a second hello", async () => {
  const leaf = await middle.issue({ names: ["api.example.test"] });
  const port = await serve({ key: leaf.keyPem, cert: leaf.chainPem, ecdhCurve: "P-521" });
  const seen = await look(port, { extraRootsPem: root.certPem });
  expect(seen.protocol).toBe("TLSv1.3");
  expect(seen.sent).toEqual(blocks(leaf.chainPem).map(der));
  expect(seen.sentIsReconstructed).toBeUndefined();
});

test("names are announced to the server, addresses are not", async () => {
  const leaf = await root.issue({ names: ["127.0.0.1", "api.example.test"] });
  const announced: string[] = [];
  const port = await serve({
    key: leaf.keyPem,
    cert: leaf.certPem,
    SNICallback: (name, done) => {
      announced.push(name);
      done(null);
    },
  });
  expect((await look(port, { host: "127.0.0.1", extraRootsPem: root.certPem })).verifyError).toBeNull();
  expect(announced).toEqual([]);
  expect((await look(port, { extraRootsPem: root.certPem })).verifyError).toBeNull();
  expect(announced).toEqual(["api.example.test"]);
});

test("says what is wrong where there is no handshake to look at", async () => {
  const talker = createPlainServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("SSH-2.0-OpenSSH_9.2\r\n");
  });
  const silent = createPlainServer((socket) => socket.on("error", () => undefined).resume());
  servers.push(talker, silent);
  await new Promise<void>((fulfil) => talker.listen(0, "127.0.0.1", fulfil));
  await new Promise<void>((fulfil) => silent.listen(0, "127.0.0.1", fulfil));
  expect(await tokenOf(look((talker.address() as AddressInfo).port))).toBe("unreachable/not-tls");
  const port = (silent.address() as AddressInfo).port;
  expect(await tokenOf(look(port, { handshakeTimeoutMs: 100 }))).toBe("timed-out/tls-timeout");
});

test("stops with the signal's own reason", async () => {
  const silent = createPlainServer((socket) => socket.on("error", () => undefined).resume());
  servers.push(silent);
  await new Promise<void>((fulfil) => silent.listen(0, "127.0.0.1", fulfil));
  const stop = new AbortController();
  silent.once("connection", () => stop.abort(new Error("enough")));
  const request = { host: "api.example.test", port: (silent.address() as AddressInfo).port };
  const looking = createTlsConnector({ dialler }).handshake(request, { signal: stop.signal, meter });
  await expect(looking).rejects.toThrow("enough");
});

test("looks at a server that wants a client certificate, and sends nothing after the handshake", async () => {
  const leaf = await root.issue({ names: ["api.example.test"] });
  const received: Buffer[] = [];
  const options = { key: leaf.keyPem, cert: leaf.certPem, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (socket) => {
    socket.on("data", (chunk) => received.push(chunk)).on("error", () => undefined);
  });
  servers.push(server);
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  const closed = new Promise((fulfil) => server.once("connection", (socket) => socket.once("close", fulfil)));
  const seen = await look((server.address() as AddressInfo).port, { extraRootsPem: root.certPem });
  expect(seen.verifyError).toBeNull();
  await closed;
  expect(received).toEqual([]);
});

test("counts the call and what came over the wire", async () => {
  const leaf = await root.issue({ names: ["api.example.test"] });
  const port = await serve({ key: leaf.keyPem, cert: leaf.certPem });
  const counted = { calls: 0, bytes: 0 };
  const counting = {
    call: () => {
      counted.calls += 1;
    },
    bytes: (count: number) => {
      counted.bytes += count;
    },
    throttled() {},
  };
  const request = { host: "api.example.test", port };
  await createTlsConnector({ dialler }).handshake(request, {
    signal: AbortSignal.timeout(20_000),
    meter: counting,
  });
  expect(counted.calls).toBe(1);
  expect(counted.bytes).toBeGreaterThan(new X509Certificate(leaf.certPem).raw.length);
});

test("goes only where the dialler goes", async () => {
  const closed = createTlsConnector({ dialler: createDialler({ allowedRanges: [], forbidden: [] }) });
  const context = { signal: AbortSignal.timeout(20_000), meter };
  expect(await tokenOf(closed.handshake({ host: "127.0.0.1", port: 443 }, context))).toBe(
    "refused-address/loopback-address",
  );
  expect(await tokenOf(closed.handshake({ host: "169.254.169.254", port: 443 }, context))).toBe(
    "refused-address/metadata-address",
  );
});
