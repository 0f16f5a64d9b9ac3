import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpPhases } from "#server/checks/needs/endpoint-requests.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import { curlPhases } from "#testing/curl.ts";
import { startNginx } from "#testing/nginx.ts";
import { countingContext } from "#testing/read-context.ts";
import { createHttpConnector } from "./client.ts";

const name = "shop.example.test";
const delayMs = 150;
/** Timers may fire a moment early. */
const delayedMs = delayMs - 10;
const repeat = 7;
const later = (work: () => void) => setTimeout(work, delayMs);

let authority: CertificateAuthority;
let chain: { chainPem: string; keyPem: string };
beforeAll(async () => {
  authority = await createCertificateAuthority();
  chain = await authority.issue({ names: [name] });
});

/** Delays where its path says: before the answer, in its middle, or before a redirect. */
const delaying: RequestListener = (request, response) => {
  switch (request.url) {
    case "/first-byte":
      later(() => response.end("late"));
      break;
    case "/body":
      response.write("first");
      later(() => response.end("last"));
      break;
    case "/redirect":
      later(() => response.writeHead(302, { location: "/first-byte" }).end());
      break;
    default:
      response.end("at once");
  }
};

const stops: (() => unknown)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

async function serve(isTls: boolean, slowHandshake = false): Promise<number> {
  const options = {
    cert: chain.chainPem,
    key: chain.keyPem,
    SNICallback: (
      _name: string,
      done: (error: null, context: ReturnType<typeof createSecureContext>) => void,
    ) => {
      const answer = () => done(null, createSecureContext({ cert: chain.chainPem, key: chain.keyPem }));
      if (slowHandshake) later(answer);
      else answer();
    },
  };
  const server = isTls ? createHttpsServer(options, delaying) : createHttpServer(delaying);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function ours(
  url: string,
  options: { redirects?: number; slowLookup?: boolean } = {},
): Promise<HttpPhases> {
  const resolve = async () => {
    if (options.slowLookup) await new Promise<void>((fulfil) => later(fulfil));
    return ["127.0.0.1"];
  };
  const http = createHttpConnector({
    dialler: createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [], resolve }),
    own: { baseUrl: new URL(url).origin, extraRootsPem: authority.certPem },
  });
  const { redirects = 0 } = options;
  const request = { type: "http.request", url, method: "GET", repeat, redirects } as const;
  const { value, missing } = await http.read(request, countingContext());
  expect(missing).toEqual([]);
  expect(value).toHaveLength(repeat);
  return medians(value.map(({ phases }) => phases));
}

async function curls(url: string, ...options: string[]): Promise<HttpPhases> {
  const { port } = new URL(url);
  const all: HttpPhases[] = [];
  for (let count = 0; count < repeat; count++) {
    all.push(await curlPhases(url, "--insecure", "--resolve", `${name}:${port}:127.0.0.1`, ...options));
  }
  return medians(all);
}

function medians(all: HttpPhases[]): HttpPhases {
  const names = Object.keys(all[0] ?? {}) as (keyof HttpPhases)[];
  const middle = (values: number[]) =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return Object.fromEntries(names.map((each) => [each, middle(all.map((one) => one[each]))])) as HttpPhases;
}

/** Two programs on a busy machine: what one says may differ from the other by this much. */
function expectAgreement(mine: HttpPhases, theirs: HttpPhases): void {
  for (const phase of Object.keys(theirs) as (keyof HttpPhases)[]) {
    const noiseMs = 60 + 0.3 * theirs[phase];
    expect(
      Math.abs(mine[phase] - theirs[phase]),
      `${phase}: ${mine[phase]} and ${theirs[phase]}`,
    ).toBeLessThan(noiseMs);
  }
}

describe("the phases are those of curl", () => {
  test("nginx, plain and over TLS", async () => {
    const files = { "hello.txt": "hello".repeat(1000) };
    const plain = await startNginx({ locations: "", files });
    stops.push(plain.stop);
    const secure = await startNginx({ locations: "", files, tls: chain });
    stops.push(secure.stop);
    for (const url of [
      `http://${name}:${plain.port}/hello.txt`,
      `https://${name}:${secure.port}/hello.txt`,
    ]) {
      const mine = await ours(url);
      expectAgreement(mine, await curls(url));
      const { lookupMs, connectMs, tlsMs, pretransferMs, firstByteMs, totalMs, redirectMs } = mine;
      const order = [
        lookupMs,
        connectMs,
        ...(url.startsWith("https") ? [tlsMs] : []),
        pretransferMs,
        firstByteMs,
      ];
      expect([...order, totalMs]).toEqual([...order, totalMs].sort((a, b) => a - b));
      expect([redirectMs, url.startsWith("https") || tlsMs === 0]).toEqual([0, true]);
    }
  });

  test("a delay before the first byte", async () => {
    const url = `http://${name}:${await serve(false)}/first-byte`;
    const mine = await ours(url);
    expect(mine.firstByteMs - mine.pretransferMs).toBeGreaterThan(delayedMs);
    expect(mine.totalMs - mine.firstByteMs).toBeLessThan(delayedMs);
    expectAgreement(mine, await curls(url));
  });

  test("a delay within the body", async () => {
    const url = `http://${name}:${await serve(false)}/body`;
    const mine = await ours(url);
    expect(mine.totalMs - mine.firstByteMs).toBeGreaterThan(delayedMs);
    expect(mine.firstByteMs).toBeLessThan(delayedMs);
    expectAgreement(mine, await curls(url));
  });

  test("a delay within the TLS handshake", async () => {
    const url = `https://${name}:${await serve(true, true)}/`;
    const mine = await ours(url);
    expect(mine.tlsMs - mine.connectMs).toBeGreaterThan(delayedMs);
    expect(mine.connectMs).toBeLessThan(delayedMs);
    expectAgreement(mine, await curls(url));
  });

  test("a delay before a redirect, which is followed", async () => {
    const url = `http://${name}:${await serve(false)}/redirect`;
    const mine = await ours(url, { redirects: 3 });
    expect(mine.redirectMs).toBeGreaterThan(delayedMs);
    expect(mine.totalMs - mine.redirectMs).toBeGreaterThan(delayedMs);
    expectAgreement(mine, await curls(url, "--location"));
  });

  test("a delay of the name server is in the look-up alone", async () => {
    const url = `http://${name}:${await serve(false)}/`;
    const mine = await ours(url, { slowLookup: true });
    expect(mine.lookupMs).toBeGreaterThan(delayedMs);
    expect(mine.connectMs - mine.lookupMs).toBeLessThan(delayedMs);
  });
});
