import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import {
  connectorTo,
  countingMeter,
  failureOf,
  sampleToken,
  testAuthority,
} from "#testing/kubernetes-client.ts";
import { readRecording, startScriptedApi } from "#testing/scripted-api.ts";
import { createDialler } from "../dialler.ts";
import type { KubernetesAccess } from "./access.ts";
import type { KubernetesConnectorOptions } from "./client.ts";

const long = new Date("2020-01-01T00:00:00Z");
let root: CertificateAuthority;
beforeAll(async () => {
  root = await testAuthority();
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  closers.push(() => server.close());
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  return (server.address() as AddressInfo).port;
}

/** A scripted server with a certificate for these names. */
async function serve(
  certificate: { names?: string[]; notBefore?: Date; notAfter?: Date; authority?: CertificateAuthority } = {},
  tls: TlsOptions = {},
): Promise<number> {
  const { authority = root, names = ["127.0.0.1"], ...dates } = certificate;
  const leaf = await authority.issue({ names, ...dates });
  const api = await startScriptedApi({ key: leaf.keyPem, cert: leaf.chainPem, ...tls }, ({ path }) =>
    readRecording(path === "/version" ? "100-version" : "212-pods-last-page-limit10"),
  );
  closers.push(api.close);
  return api.port;
}

async function ask(
  port: number,
  access: Partial<KubernetesAccess> & { host?: string } = {},
  options: Partial<KubernetesConnectorOptions> = {},
): Promise<string> {
  const { host = "127.0.0.1", ...rest } = access;
  const server = `https://${host}:${port}`;
  const auth = { type: "token", token: sampleToken } as const;
  const connector = connectorTo({ server, caPem: root.certPem, auth, ...rest }, options);
  const { meter } = countingMeter();
  const kind = { group: "", version: "v1", kind: "Pod", resource: "pods", namespaced: true };
  const reading = connector.list({ kind }, () => undefined, { signal: AbortSignal.timeout(20_000), meter });
  try {
    return await failureOf(reading.then(({ objects }) => Promise.reject(new Error(`${objects} objects`))));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  } finally {
    await connector.close();
  }
}

describe("the server's certificate", () => {
  test("that is for this address and signed by the given CA is accepted", async () => {
    expect(await ask(await serve())).toBe("2 objects");
  });

  test("signed by an authority below the given CA is accepted, and by one that is itself the CA data", async () => {
    const authority = await root.intermediate();
    expect(await ask(await serve({ authority }))).toBe("2 objects");
    expect(await ask(await serve({ authority }), { caPem: authority.certPem })).toBe("2 objects");
  });

  test("signed by somebody else is not, nor with the system's roots alone", async () => {
    const other = await testAuthority().then(() => root.intermediate({ name: "Other" }));
    const port = await serve();
    expect(await ask(port, { caPem: other.certPem })).toBe("unreachable/untrusted-certificate");
    expect(await ask(port, { caPem: undefined })).toBe("unreachable/untrusted-certificate");
  });

  test("that has expired, or is not valid yet, is not", async () => {
    const notAfter = new Date("2021-01-01T00:00:00Z");
    expect(await ask(await serve({ notBefore: long, notAfter }))).toBe("unreachable/certificate-expired");
    const notBefore = new Date(Date.now() + 86_400_000);
    expect(await ask(await serve({ notBefore }))).toBe("unreachable/certificate-not-yet-valid");
  });

  test("for another name is not, unless that name is the one to expect", async () => {
    const port = await serve({ names: ["kubernetes.default.svc"] });
    expect(await ask(port)).toBe("unreachable/certificate-name-mismatch");
    expect(await ask(port, { host: "api.example.test" })).toBe("unreachable/certificate-name-mismatch");
    expect(await ask(port, { tlsServerName: "kubernetes.default.svc" })).toBe("2 objects");
    expect(await ask(port, { tlsServerName: "other.test" })).toBe("unreachable/certificate-name-mismatch");
  });

  test("is looked at before anything is sent", async () => {
    const received: Buffer[] = [];
    const leaf = await root.issue({ names: ["other.test"] });
    const server = createTlsServer({ key: leaf.keyPem, cert: leaf.certPem }, (socket) => {
      socket.on("data", (chunk) => received.push(chunk)).on("error", () => undefined);
    });
    expect(await ask(await listen(server))).toBe("unreachable/certificate-name-mismatch");
    expect(Buffer.concat(received).toString()).toBe("");
  });
});

describe.each(["TLSv1.2", "TLSv1.3"] as const)("a client certificate over %s", (version) => {
  test("is shown to the server; one that it turns down is told as such", async () => {
    const stranger = await createCertificateAuthority();
    const [good, bad] = await Promise.all(
      [root, stranger].map((authority) => authority.issue({ commonName: "admin", usage: "client" })),
    );
    const authOf = (pair: typeof good) =>
      ({
        type: "client-certificate",
        certificatePem: pair?.certPem ?? "",
        keyPem: pair?.keyPem ?? "",
      }) as const;
    const only = { minVersion: version, maxVersion: version, requestCert: true, ca: root.certPem };
    expect(await ask(await serve({}, only), { auth: authOf(good) })).toBe("2 objects");
    const strict = await serveStrictly(version === "TLSv1.2" ? "-tls1_2" : "-tls1_3");
    expect(await ask(strict, { auth: authOf(bad) })).toBe("unreachable/client-certificate-refused");
  });
});

/** Node closes without a word where it turns a client certificate down; openssl sends the alert, as others do. */
async function serveStrictly(protocol: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "weekbook-strict-"));
  closers.push(() => rm(folder, { recursive: true }));
  const leaf = await root.issue({ names: ["127.0.0.1"] });
  await writeFile(join(folder, "server.pem"), leaf.certPem + leaf.keyPem);
  await writeFile(join(folder, "ca.pem"), root.certPem);
  const args = ["-accept", "127.0.0.1:0", "-cert", "server.pem", "-CAfile", "ca.pem", protocol];
  const child = spawn("openssl", ["s_server", ...args, "-Verify", "1", "-verify_return_error"], {
    cwd: folder,
  });
  closers.push(() => child.kill());
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return vi.waitFor(
    () => {
      const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port === undefined) throw new Error("openssl does not listen yet");
      return Number(port);
    },
    { timeout: 30_000 },
  );
}

describe("a place that is no API server", () => {
  test("a name that leads nowhere", async () => {
    const resolve = async () => {
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    const dialler = createDialler({ allowedRanges: [], forbidden: [], resolve });
    expect(await ask(443, { host: "nowhere.test" }, { dialler })).toBe("unreachable/name-not-found");
  });

  test("an address that is closed to us", async () => {
    const dialler = createDialler({ allowedRanges: [], forbidden: [] });
    expect(await ask(443, {}, { dialler })).toBe("refused-address/loopback-address");
  });

  test("a port where nothing listens, asked once", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((fulfil) => server.close(fulfil));
    const clock = { nowMs: () => 0, wait: vi.fn() };
    expect(await ask(port, {}, { clock })).toBe("unreachable/connection-refused");
    expect(clock.wait).not.toHaveBeenCalled();
  });

  test.each([
    ["an HTTP server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["an SSH server", "SSH-2.0-OpenSSH_9.2\r\n"],
  ])("%s", async (_name, greeting) => {
    const server = createServer((socket) => socket.on("error", () => undefined).end(greeting));
    expect(await ask(await listen(server))).toBe("unreachable/not-tls");
  });

  test("a server that says nothing, left in time", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
    });
    expect(await ask(await listen(server), {}, { connectTimeoutMs: 100 })).toBe("timed-out/tls-timeout");
  });

  test("a server that hangs up", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.resetAndDestroy());
    });
    expect(await ask(await listen(server))).toBe("unreachable/tls-closed");
  });
});

test("a path in the address comes before every request", async () => {
  const leaf = await root.issue({ names: ["127.0.0.1"] });
  const api = await startScriptedApi({ key: leaf.keyPem, cert: leaf.chainPem }, () =>
    readRecording("212-pods-last-page-limit10"),
  );
  closers.push(api.close);
  const auth = { type: "token", token: sampleToken } as const;
  const server = `https://127.0.0.1:${api.port}/k8s/clusters/c-1`;
  const connector = connectorTo({ server, caPem: root.certPem, auth });
  closers.push(() => connector.close());
  const kind = {
    group: "apps",
    version: "v1",
    kind: "Deployment",
    resource: "deployments",
    namespaced: true,
  };
  const { meter } = countingMeter();
  await connector.list({ kind }, () => undefined, { signal: AbortSignal.timeout(20_000), meter });
  expect(api.requests[0]?.path).toBe("/k8s/clusters/c-1/apis/apps/v1/deployments");
  expect(connector.endpoint).toMatchObject({ host: "127.0.0.1", port: api.port, caPem: root.certPem });
});
