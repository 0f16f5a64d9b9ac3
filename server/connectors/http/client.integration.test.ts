import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { HttpRequest } from "#server/checks/needs/endpoint-requests.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { type ScriptedHttp, scriptedHttp } from "#testing/scripted-http.ts";
import { createHttpConnector, type HttpConnectorOptions } from "./client.ts";

const secret = "correct-horse-battery";
let authority: CertificateAuthority;
let chain: { chainPem: string; keyPem: string };
beforeAll(async () => {
  authority = await createCertificateAuthority();
  chain = await authority.issue({ names: ["a.test", "b.test"] });
});

const resolveAll = async () => ["127.0.0.1"];
const loopback = { allowedRanges: ["127.0.0.0/8"], forbidden: [] };
const connector = (options: Partial<HttpConnectorOptions> = {}, resolve = resolveAll) =>
  createHttpConnector({ dialler: createDialler({ ...loopback, resolve }), ...options });
const request = (url: string | null, rest: Partial<HttpRequest> = {}): HttpRequest => ({
  type: "http.request",
  url,
  method: "GET",
  ...rest,
});

async function read(url: string | null, rest: Partial<HttpRequest> = {}, using = connector()) {
  const { value } = await using.read(request(url, rest), countingContext());
  const [first] = value;
  if (!first) throw new Error("no exchange");
  return first;
}
const failure = (url: string | null, rest: Partial<HttpRequest> = {}, using = connector()) =>
  readFailureOf(using.read(request(url, rest), countingContext()));

const answer =
  (
    status: number,
    headers: Record<string, string | string[]> = {},
    body: string | Buffer = "",
  ): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
const redirect = (location: string, status = 302) => answer(status, { location });
const auths = (server: ScriptedHttp) => server.requests.map(({ headers }) => headers.authorization);

describe("redirects", () => {
  test("are answers, unless they are to be followed", async () => {
    await using server = await scriptedHttp(redirect("/next"));
    expect(await read(`http://a.test:${server.port}/`)).toMatchObject({ status: 302, redirects: [] });
    expect(server.requests).toHaveLength(1);
  });

  test("take neither credential nor headers to another origin", async () => {
    await using other = await scriptedHttp(answer(200, {}, "there"));
    await using own = await scriptedHttp((asked, response) => {
      if (asked.url === "/same") redirect(`http://b.test:${other.port}/x`)(asked, response);
      else redirect("/same", 307)(asked, response);
    });
    const baseUrl = `http://a.test:${own.port}`;
    const http = connector({ own: { baseUrl, auth: { type: "bearer", token: secret } } });
    const found = await read(null, { redirects: 5, headers: { "x-tenant": "shop" } }, http);
    expect(found).toMatchObject({ status: 200, body: "there", url: `http://b.test:${other.port}/x` });
    expect(found.redirects.map(({ status }) => status)).toEqual([307, 302]);
    expect(auths(own)).toEqual([`Bearer ${secret}`, `Bearer ${secret}`]);
    expect(auths(other)).toEqual([undefined]);
    expect(other.requests.map(({ headers }) => headers["x-tenant"])).toEqual([undefined]);
  });

  test.each([
    ["the metadata service", "http://169.254.169.254/latest/meta-data/", "refused-address/metadata-address"],
    ["in other words", "http://[::ffff:a9fe:a9fe]/", "refused-address/metadata-address"],
    ["as one number", "http://2852039166/", "refused-address/metadata-address"],
    ["a closed range", "http://10.0.0.1/", "refused-address/private-address"],
    ["a file", "file:///etc/passwd", "refused-address/not-http"],
    ["another protocol", "gopher://127.0.0.1:70/", "refused-address/not-http"],
    ["a user in the address", "http://me:pw@127.0.0.1/", "refused-address/user-in-url"],
    ["no address", "http://", "malformed/not-a-url"],
  ])("to %s are refused", async (_name, location, expected) => {
    await using server = await scriptedHttp(redirect(location));
    expect(await failure(`http://a.test:${server.port}/`, { redirects: 3 })).toBe(expected);
    expect(server.requests).toHaveLength(1);
  });

  test("to our own database are refused", async () => {
    await using database = await scriptedHttp(answer(200));
    await using server = await scriptedHttp(redirect(`http://127.0.0.1:${database.port}/`));
    const forbidden = [{ host: "127.0.0.1", port: database.port }];
    const dialler = createDialler({ ...loopback, forbidden, resolve: resolveAll });
    const answered = await failure(`http://a.test:${server.port}/`, { redirects: 3 }, connector({ dialler }));
    expect([answered, database.requests.length]).toEqual(["refused-address/own-database-address", 0]);
  });

  test("from https to http are refused", async () => {
    await using plain = await scriptedHttp(answer(200));
    await using secure = await scriptedHttp(redirect(`http://a.test:${plain.port}/`), { tls: chain });
    const baseUrl = `https://a.test:${secure.port}`;
    const http = connector({ own: { baseUrl, extraRootsPem: authority.certPem } });
    expect(await failure(null, { redirects: 3 }, http)).toBe("refused-address/insecure-redirect");
    expect(plain.requests).toEqual([]);
  });

  test("come to an end", async () => {
    let count = 0;
    await using endless = await scriptedHttp((asked, response) => redirect(`/${++count}`)(asked, response));
    await using circle = await scriptedHttp(redirect("/"));
    expect(await failure(`http://a.test:${endless.port}/`, { redirects: 50 })).toBe(
      "malformed/too-many-redirects",
    );
    expect(endless.requests).toHaveLength(11);
    expect(await failure(`http://a.test:${circle.port}/`, { redirects: 5 })).toBe("malformed/redirect-loop");
  });
});

describe("credentials", () => {
  test("go to the registered origin alone, and never come back", async () => {
    const echo: RequestListener = ({ headers }, response) => {
      const { authorization = "" } = headers;
      response.setHeader("x-echo", authorization);
      response.end(`${authorization} ${Buffer.from(authorization.slice(6), "base64")}`);
    };
    await using own = await scriptedHttp(echo);
    await using other = await scriptedHttp(echo);
    const auth = { type: "basic", username: "me", password: secret } as const;
    const http = connector({ own: { baseUrl: `http://a.test:${own.port}`, auth } });
    const found = await read(null, {}, http);
    await read(`http://a.test:${other.port}/`, {}, http);
    expect(auths(own)).toEqual([`Basic ${Buffer.from(`me:${secret}`).toString("base64")}`]);
    expect(auths(other)).toEqual([undefined]);
    const shown = JSON.stringify(found);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(`me:${secret}`).toString("base64"));
  });

  test.each(["authorization", "Cookie", "Host", "Transfer-Encoding", "x\r\ny", "x y", ""])(
    "a check cannot send the header %j",
    async (name) => {
      await using server = await scriptedHttp(answer(200));
      const url = `http://a.test:${server.port}/`;
      expect(await failure(url, { headers: { [name]: "v" } })).toBe("malformed/header-refused");
      expect(await failure(url, { headers: { "x-a": "a\r\nb: c" } })).toBe("malformed/header-refused");
      expect(server.requests).toEqual([]);
    },
  );

  test("cookies and tokens in answers are not kept", async () => {
    const headers = {
      "set-cookie": [`session=${secret}`, "b=c"],
      "authentication-info": secret,
      "X-A": "kept",
    };
    await using server = await scriptedHttp(answer(200, headers));
    const found = await read(`http://a.test:${server.port}/`);
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(found.headers.filter(([name]) => ["set-cookie", "x-a"].includes(name))).toEqual([
      ["set-cookie", ""],
      ["set-cookie", ""],
      ["x-a", "kept"],
    ]);
  });
});

describe("the registered address", () => {
  test.each([
    ["/health", "/base/health"],
    ["health?x=1", "/base/health?x=1"],
    ["", "/base"],
  ])("path %j", async (path, asked) => {
    await using server = await scriptedHttp(answer(204));
    const http = connector({ own: { baseUrl: `http://a.test:${server.port}/base` } });
    expect(await read(null, { path }, http)).toMatchObject({ status: 204 });
    expect(server.requests[0]?.url).toBe(asked);
  });

  test.each(["/../admin", "/..%2f/../../admin", "/..\\admin", "/%2e%2e/admin"])(
    "is not left by the path %j",
    async (path) => {
      await using server = await scriptedHttp(answer(200));
      const http = connector({ own: { baseUrl: `http://a.test:${server.port}/base` } });
      expect(await failure(null, { path }, http)).toBe("refused-address/outside-base");
      expect(server.requests).toEqual([]);
    },
  );

  test.each(["//evil.test/x", "@evil.test/", "/@evil.test/", ".evil.test/"])(
    "cannot be made another server by the path %j",
    async (path) => {
      await using server = await scriptedHttp(answer(200));
      const found = await read(
        null,
        { path },
        connector({ own: { baseUrl: `http://a.test:${server.port}` } }),
      );
      expect([new URL(found.url).host, server.requests.length]).toEqual([`a.test:${server.port}`, 1]);
    },
  );

  test("is needed where a request has none", async () => {
    expect(await failure(null)).toBe("not-supplied/no-address");
  });
});

describe("TLS", () => {
  test("is verified, with more roots or without only as the registered endpoint says", async () => {
    await using server = await scriptedHttp(answer(200, {}, "ok"), { tls: chain });
    await using other = await scriptedHttp(answer(200, {}, "ok"), { tls: chain });
    const baseUrl = `https://a.test:${server.port}`;
    expect(await failure(baseUrl)).toBe("unreachable/untrusted-certificate");
    for (const trust of [{ extraRootsPem: authority.certPem }, { skipVerification: true }]) {
      const http = connector({ own: { baseUrl, ...trust } });
      expect(await read(null, {}, http)).toMatchObject({ status: 200, httpVersion: "1.1" });
      expect(await failure(`https://b.test:${other.port}/`, {}, http)).toBe(
        "unreachable/untrusted-certificate",
      );
    }
    const named = connector({
      own: { baseUrl: `https://c.test:${server.port}`, extraRootsPem: authority.certPem },
    });
    expect(await failure(null, {}, named)).toBe("unreachable/certificate-name-mismatch");
  });

  test("a server without it says so", async () => {
    await using server = await scriptedHttp(answer(200));
    expect(await failure(`https://a.test:${server.port}/`)).toBe("unreachable/not-tls");
  });
});

describe("sizes", () => {
  test("the body is kept up to the limit and counted to its end", async () => {
    await using server = await scriptedHttp(answer(200, {}, "x".repeat(300_000)));
    const url = `http://a.test:${server.port}/`;
    const found = await read(url, { bodyBytes: 1000 });
    expect(found).toMatchObject({ bodyBytes: 300_000, bodyTruncated: true, body: "x".repeat(1000) });
    const context = countingContext();
    await connector().read(request(url, { repeat: 2 }), context);
    expect(context.counts.calls).toBe(2);
    expect(context.counts.bytes).toBeGreaterThan(600_000);
  });

  test("a body without end is cut", async () => {
    await using server = await scriptedHttp((_asked, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(1 << 20)));
        response.once("drain", more);
      };
      more();
    });
    const found = await read(`http://a.test:${server.port}/`);
    expect([found.bodyTruncated, found.bodyBytes < 20 << 20]).toEqual([true, true]);
  });

  test("a compressed answer is read, a bomb is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(200 << 20));
    await using server = await scriptedHttp(({ url, headers }, response) => {
      expect(headers["accept-encoding"]).toBe("identity");
      response.setHeader("content-encoding", "gzip");
      response.end(url === "/bomb" ? bomb : gzipSync("small"));
    });
    const at = `http://a.test:${server.port}`;
    expect(await read(at)).toMatchObject({ body: "small", bodyTruncated: false });
    const before = process.memoryUsage().rss;
    const found = await read(`${at}/bomb`, { bodyBytes: 1 << 20 });
    expect([found.body.length, found.bodyTruncated]).toEqual([1 << 20, true]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  });

  test("headers have a limit", async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, "v"]));
    await using large = await scriptedHttp(answer(200, { "x-large": "v".repeat(70_000) }));
    await using numerous = await scriptedHttp(answer(200, many));
    expect(await failure(`http://a.test:${large.port}/`)).toBe("malformed/headers-too-large");
    expect((await read(`http://a.test:${numerous.port}/`)).headers.length).toBeLessThanOrEqual(200);
  });
});

describe("connections", () => {
  test("are new for each repetition, or kept where asked for", async () => {
    await using server = await scriptedHttp(answer(200));
    const url = `http://a.test:${server.port}/`;
    const fresh = await connector().read(request(url, { repeat: 3 }), countingContext());
    expect(fresh.value.map(({ reused }) => reused)).toEqual([false, false, false]);
    const kept = await connector().read(request(url, { repeat: 3, keepAlive: true }), countingContext());
    expect(kept.value.map(({ reused, phases }) => [reused, phases.connectMs === 0])).toEqual([
      [false, false],
      [true, true],
      [true, true],
    ]);
  });

  test("that the server closes are opened again", async () => {
    await using server = await scriptedHttp(answer(200, { connection: "close" }));
    const url = `http://a.test:${server.port}/`;
    const { value } = await connector().read(request(url, { repeat: 3, keepAlive: true }), countingContext());
    expect(value.map(({ status, reused }) => [status, reused])).toEqual([
      [200, false],
      [200, false],
      [200, false],
    ]);
  });

  test("that break tell which repetitions are missing", async () => {
    let count = 0;
    await using server = await scriptedHttp((asked, response) => {
      count += 1;
      if (count === 2) response.destroy();
      else answer(200)(asked, response);
    });
    const reading = await connector().read(
      request(`http://a.test:${server.port}/`, { repeat: 3 }),
      countingContext(),
    );
    expect([reading.value.length, reading.read, reading.missing?.map(({ code }) => code)]).toEqual([
      2,
      2,
      ["unreachable"],
    ]);
  });

  test("end at the time limit, and with an abort's own reason", async () => {
    await using silent = await scriptedHttp(() => undefined);
    const url = `http://a.test:${silent.port}/`;
    expect(await failure(url, {}, connector({ requestTimeoutMs: 50 }))).toBe("timed-out/request-timeout");
    const stop = new AbortController();
    const reading = connector().read(request(url), countingContext(stop.signal));
    await vi.waitUntil(() => silent.requests.length === 2);
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });

  test("go to the address that was checked, though the name leads elsewhere each time it is asked for", async () => {
    await using trap = await scriptedHttp(answer(200, {}, "trap"), { host: "127.0.0.2" });
    await using server = await scriptedHttp(answer(200, {}, "ok"), { port: trap.port });
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    const resolve = vi.fn(async () => answers.shift() ?? ["169.254.169.254"]);
    const dialler = createDialler({ allowedRanges: ["127.0.0.1/32"], forbidden: [], resolve });
    const http = connector({ dialler });
    const url = `http://rebinding.test:${server.port}/`;
    expect(await read(url, {}, http)).toMatchObject({ body: "ok", address: "127.0.0.1" });
    expect(await failure(url, {}, http)).toBe("refused-address/loopback-address");
    expect(await failure(url, {}, http)).toBe("refused-address/metadata-address");
    expect([resolve.mock.calls.length, trap.requests.length]).toEqual([3, 0]);
  });
});

test("what is not HTTP is called so", async () => {
  await using server = await scriptedHttp(({ socket }) => {
    socket.end("SSH-2.0-OpenSSH_9.2\r\n");
  });
  expect(await failure(`http://a.test:${server.port}/`)).toBe("malformed/not-http");
  expect(await failure("ftp://a.test/")).toBe("refused-address/not-http");
  expect(await failure("a.test")).toBe("malformed/not-a-url");
});
