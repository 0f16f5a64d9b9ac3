import { createServer, type RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PrometheusRangeRequest } from "#server/checks/needs/endpoint-requests.ts";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import { type PrometheusServer, startPrometheus } from "#testing/prometheus.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { createDialler } from "../dialler.ts";
import type { PrometheusAccess } from "./access.ts";
import { createPrometheusConnector, type PrometheusConnectorOptions } from "./client.ts";

const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });
const password = "canary-basic-77aa";
const hash = "$2b$04$abcdefghijklmnopqrstuuRTaAW.sAlkW4zB6Y8ocW9YmQ4dd8Q.2";
const closers: (() => Promise<unknown>)[] = [];
const atEnd: (() => Promise<unknown>)[] = [];
let plain: PrometheusServer;
let secure: PrometheusServer;
let authority: CertificateAuthority;

const metrics = [
  'shop_up{shop="north"} 1',
  'shop_up{shop="south"} NaN',
  'shop_up{shop="east"} +Inf',
  "shop_orders_total 5",
  "",
].join("\n");

beforeAll(async () => {
  authority = await createCertificateAuthority();
  const issued = await authority.issue({ names: ["127.0.0.1", "prometheus.example"] });
  const exporter = await serve((_request, response) => response.end(metrics), atEnd);
  [plain, secure] = await Promise.all([
    startPrometheus({ jobs: { shop: `127.0.0.1:${exporter}` } }),
    startPrometheus({
      tls: { certPem: issued.chainPem, keyPem: issued.keyPem },
      user: { name: "reader", hash },
    }),
  ]);
  atEnd.push(plain.stop, secure.stop);
  await plain.until("count(shop_up) == 3");
  await plain.until("count(count_over_time(shop_orders_total[1m]) >= 2)");
});
afterAll(() => Promise.all(atEnd.map((end) => end())));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener, into = closers): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  into.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

function open(own: PrometheusAccess, rest: Partial<PrometheusConnectorOptions> = {}) {
  const connector = createPrometheusConnector({ dialler, own, ...rest });
  closers.push(() => connector.close());
  return connector;
}

const openPlain = (rest: Partial<PrometheusConnectorOptions> = {}) =>
  open({ baseUrl: `http://127.0.0.1:${plain.port}` }, rest);
const query = (text: string) => ({ type: "prometheus.query" as const, query: text });
const range: PrometheusRangeRequest = {
  ...{ type: "prometheus.range", query: "shop_orders_total" },
  ...{ windowSeconds: 60, stepSeconds: 1 },
};

describe("a Prometheus", () => {
  test("answers an instant query, NaN and infinities as null", async () => {
    const context = countingContext();
    const { value, read, missing } = await openPlain().read(query("shop_up"), context);
    const byShop = Object.fromEntries(value.map(({ labels, points }) => [labels.shop, points[0]?.value]));
    expect(byShop).toEqual({ north: 1, south: null, east: null });
    expect({ read, missing }).toEqual({ read: 3, missing: [] });
    expect(value[0]?.labels).toMatchObject({ __name__: "shop_up", job: "shop" });
    expect(Math.abs((value[0]?.points[0]?.atMs ?? 0) - Date.now())).toBeLessThan(10_000);
    expect(context.counts.calls).toBe(1);
    expect(context.counts.bytes).toBeGreaterThan(50);
  });

  test("answers a scalar as one series without labels", async () => {
    const { value } = await openPlain().read(query("1 + 1"), countingContext());
    expect(value).toMatchObject([{ labels: {}, points: [{ value: 2 }] }]);
  });

  test("answers a range, a step apart", async () => {
    const { value } = await openPlain().read(range, countingContext());
    const points = value[0]?.points ?? [];
    expect(points.length).toBeGreaterThanOrEqual(2);
    expect((points[1]?.atMs ?? 0) - (points[0]?.atMs ?? 0)).toBe(1_000);
    expect(points.every(({ value: each }) => each === 5)).toBe(true);
  });

  test("scrapes itself, and says which version it is", async () => {
    const connector = openPlain();
    const { value } = await connector.read(query("prometheus_build_info"), countingContext());
    expect(value[0]?.labels.version).toBe(await connector.version(countingContext()));
  });

  test("says in its own words what is wrong with a query", async () => {
    const failure = await openPlain()
      .read(query("sum(("), countingContext())
      .catch((error: unknown) => error);
    expect(await readFailureOf(Promise.reject(failure))).toBe("malformed/query-refused");
    expect(String(failure)).toContain("parse error");
  });

  test("cuts at the number of series and of points, and says so", async () => {
    const few = await openPlain({ maxSeries: 2 }).read(query("shop_up"), countingContext());
    expect(few).toMatchObject({ read: 2, missing: [{ code: "truncated" }] });
    const short = await openPlain({ maxPoints: 1 }).read(range, countingContext());
    expect(short).toMatchObject({ read: 0, missing: [{ code: "truncated" }] });
    const small = openPlain({ maxBodyBytes: 100 }).read(query("shop_up"), countingContext());
    expect(await readFailureOf(small)).toBe("truncated/answer-too-large");
  });
});

describe("TLS and sign-in", () => {
  const own = (rest: Partial<PrometheusAccess> = {}): PrometheusAccess => ({
    ...{ baseUrl: `https://127.0.0.1:${secure.port}`, caPem: authority.certPem },
    ...{ auth: { type: "basic", username: "reader", password } },
    ...rest,
  });

  test("name and password over a verified connection", async () => {
    const { value } = await open(own()).read(query("vector(3)"), countingContext());
    expect(value[0]?.points[0]?.value).toBe(3);
  });

  test("a wrong password is refused, and quoted nowhere", async () => {
    const wrong = "canary-wrong-basic-93";
    const failure = await open(own({ auth: { type: "basic", username: "reader", password: wrong } }))
      .read(query("vector(3)"), countingContext())
      .catch((error: unknown) => error);
    expect(await readFailureOf(Promise.reject(failure))).toBe("unauthorized/credential-not-accepted");
    const forms = [wrong, Buffer.from(`reader:${wrong}`).toString("base64")];
    for (const form of forms) expect(JSON.stringify(failure) + (failure as Error).stack).not.toContain(form);
  });

  test.each([
    ["another CA", async () => ({ caPem: (await createCertificateAuthority()).certPem })],
    ["the system's roots alone", async () => ({ caPem: undefined })],
  ])("a certificate is not trusted by %s", async (_name, rest) => {
    const reading = open(own(await rest())).read(query("vector(3)"), countingContext());
    expect(await readFailureOf(reading)).toBe("unreachable/untrusted-certificate");
  });

  test("a certificate of another name is not trusted", async () => {
    const reading = open(own({ serverName: "other.example" })).read(query("vector(3)"), countingContext());
    expect(await readFailureOf(reading)).toBe("unreachable/certificate-name-mismatch");
  });
});

describe("a server that is none, or half of one", () => {
  const json = (status: number, body: unknown): RequestListener => {
    return (_request, response) => response.writeHead(status).end(JSON.stringify(body));
  };
  const ask = async (listener: RequestListener, rest: Partial<PrometheusConnectorOptions> = {}) => {
    const baseUrl = `http://127.0.0.1:${await serve(listener)}/prefix/`;
    const auth = { type: "bearer" as const, token: "canary-bearer-5512" };
    return open({ baseUrl, auth }, rest).read(query("up"), countingContext());
  };

  test("its warnings and a partial response are what is missing", async () => {
    const data = { resultType: "vector", result: [] };
    const warned = await ask(
      json(200, { status: "success", data, warnings: ["store canary-bearer-5512 is down"] }),
    );
    expect(warned.missing).toEqual([
      { code: "server-error", what: expect.any(String), detail: "warning: store [redacted] is down" },
    ]);
    const partial = await ask(json(200, { status: "success", data, isPartial: true }));
    expect(partial.missing).toHaveLength(1);
  });

  test("gets the token and the path below its prefix", async () => {
    const seen: (string | undefined)[] = [];
    await ask((request, response) => {
      seen.push(request.headers.authorization, request.url?.split("?")[0]);
      json(200, { status: "success", data: { resultType: "vector", result: [] } })(request, response);
    });
    expect(seen).toEqual(["Bearer canary-bearer-5512", "/prefix/api/v1/query"]);
  });

  test.each([
    [json(200, { hello: "world" }), "malformed/not-prometheus"],
    [
      json(200, { status: "success", data: { resultType: "string", result: [1, "x"] } }),
      "malformed/not-prometheus",
    ],
    [
      json(422, { status: "error", errorType: "execution", error: "too many samples" }),
      "server-error/query-failed",
    ],
    [
      json(503, { status: "error", errorType: "timeout", error: "query timed out" }),
      "timed-out/query-timeout",
    ],
    [json(429, {}), "throttled/too-many-requests"],
    [json(502, {}), "server-error/server-error"],
    [json(403, {}), "forbidden/forbidden"],
    [
      (_request: unknown, response: { writeHead(status: number, headers: object): { end(): void } }) =>
        response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
      "malformed/redirect",
    ],
  ] as [RequestListener, string][])("%# becomes %s", async (listener, failure) => {
    expect(await readFailureOf(ask(listener))).toBe(failure);
  });

  test("hangs: the read ends in time", async () => {
    expect(await readFailureOf(ask(() => {}, { requestTimeoutMs: 300 }))).toBe("timed-out/request-timeout");
  });

  test("lives at a closed address: it is not dialled", async () => {
    const closed = createDialler({ allowedRanges: [], forbidden: [] });
    expect(await readFailureOf(ask(() => {}, { dialler: closed }))).toBe("refused-address/loopback-address");
  });
});
