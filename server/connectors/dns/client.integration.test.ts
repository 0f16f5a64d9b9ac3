import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:net";
import { AUTHORITATIVE_ANSWER, decode, encode, TRUNCATED_RESPONSE } from "dns-packet";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { DnsAnswer, DnsRecordType, DnsRequest } from "#server/checks/needs/endpoint-requests.ts";
import { createDialler } from "#server/connectors/dialler.ts";
import { createCertificateAuthority } from "#testing/certificates.ts";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { type ScriptedHttp, scriptedHttp } from "#testing/scripted-http.ts";
import { startUnbound, type Unbound } from "#testing/unbound.ts";
import { createDnsConnector, type DnsConnectorOptions } from "./client.ts";

const long = `"${"x".repeat(250)}" `;
const records = `
www 120 A 192.0.2.1
www 120 A 192.0.2.2
www AAAA 2001:db8::1
a CNAME b
b CNAME www
@ MX 10 mail
@ TXT "v=spf1 -all" "two parts"
@ CAA 0 issue "ca.test"
_web._tcp SRV 1 2 443 www
4.3.2.1 PTR host.example.test.
large TXT ${long.repeat(8)}`;

let unbound: Unbound;
let rootsPem: string;
let chain: { chainPem: string; keyPem: string };
beforeAll(async () => {
  const authority = await createCertificateAuthority();
  rootsPem = authority.certPem;
  chain = await authority.issue({ names: ["dns.test"] });
  unbound = await startUnbound({ zone: "example.test", records, tls: chain });
});
afterAll(() => unbound?.stop());

const loopback = { allowedRanges: ["127.0.0.0/8"], forbidden: [] };
const resolve = async () => ["127.0.0.1"];
type Via = DnsRequest["via"];
const connector = (options: Partial<DnsConnectorOptions> = {}) =>
  createDnsConnector({ dialler: createDialler({ ...loopback, resolve }), ...options });
const asked = (name: string, recordType: DnsRecordType, via: Via): DnsRequest => ({
  type: "dns.query",
  name,
  recordType,
  via,
});
async function query(
  name: string,
  recordType: DnsRecordType,
  via: Via,
  options: Partial<DnsConnectorOptions> = {},
): Promise<DnsAnswer> {
  return (await connector(options).read(asked(name, recordType, via), countingContext())).value;
}
const failure = (name: string, via: Via, options: Partial<DnsConnectorOptions> = {}) =>
  readFailureOf(connector(options).read(asked(name, "A", via), countingContext()));
const ownDoh = (port: number, transport: "doh-wire" | "doh-json" = "doh-wire") => ({
  own: { transport, url: `https://dns.test:${port}/dns-query`, extraRootsPem: rootsPem },
});
const data = (answer: DnsAnswer) => answer.answers.map((each) => each.data).sort();

describe.each(["udp", "tcp", "doh-wire"] as const)("unbound over %s", (transport) => {
  const ask = (name: string, recordType: DnsRecordType) =>
    transport === "doh-wire"
      ? query(name, recordType, null, ownDoh(unbound.dohPort))
      : query(name, recordType, { transport, host: "127.0.0.1", port: unbound.port });

  test("addresses, with their times to live", async () => {
    const answer = await ask("www.example.test", "A");
    expect(answer).toMatchObject({ transport, rcode: "NOERROR", authoritative: true, truncated: false });
    expect(data(answer)).toEqual(["192.0.2.1", "192.0.2.2"]);
    expect(answer.answers[0]).toMatchObject({ name: "www.example.test", type: "A", ttlSeconds: 120 });
    expect(answer.ms).toBeGreaterThan(0);
  });

  test.each([
    ["www.example.test", "AAAA", ["2001:db8::1"]],
    ["example.test", "MX", ["10 mail.example.test"]],
    ["example.test", "TXT", ['"v=spf1 -all" "two parts"']],
    ["example.test", "CAA", ['0 issue "ca.test"']],
    ["example.test", "NS", ["ns.example.test"]],
    ["example.test", "SOA", ["ns.example.test hostmaster.example.test 7 3600 600 86400 60"]],
    ["_web._tcp.example.test", "SRV", ["1 2 443 www.example.test"]],
    ["4.3.2.1.example.test", "PTR", ["host.example.test"]],
  ] as const)("%s %s", async (name, recordType, expected) => {
    expect(data(await ask(name, recordType))).toEqual(expected);
  });

  test("a chain of aliases comes whole and in order", async () => {
    const { answers } = await ask("a.example.test", "A");
    expect(answers.slice(0, 2).map(({ type, data: to }) => `${type} ${to}`)).toEqual([
      "CNAME b.example.test",
      "CNAME www.example.test",
    ]);
    expect(answers.slice(2).map(({ name, type }) => `${name} ${type}`)).toEqual(
      Array(2).fill("www.example.test A"),
    );
  });

  test.each([
    ["nobody.example.test", "NXDOMAIN"],
    ["x.broken.test", "SERVFAIL"],
    ["x.refused.test", "REFUSED"],
  ])("%s is %s, which is an answer", async (name, rcode) => {
    expect(await ask(name, "A")).toMatchObject({ rcode, answers: [] });
  });

  test("a name without such a record has an empty answer", async () => {
    expect(await ask("www.example.test", "MX")).toMatchObject({ rcode: "NOERROR", answers: [] });
  });

  test("what does not fit into a datagram comes whole", async () => {
    const answer = await ask("large.example.test", "TXT");
    expect(answer).toMatchObject({ transport: transport === "udp" ? "tcp" : transport, truncated: false });
    expect(data(answer)).toEqual([long.repeat(8).trim()]);
  });
});

/** DNS over HTTPS as some resolvers offer it beside HTTP/2: HTTP/1.1, POST alone, and JSON. It forwards to unbound. */
function front(): Promise<ScriptedHttp> {
  const forward: RequestListener = async (request, response) => {
    const url = new URL(request.url ?? "", "https://dns.test");
    if (request.headers.accept === "application/dns-json") {
      const recordType = url.searchParams.get("type") as DnsRecordType;
      const via = { transport: "tcp", host: "127.0.0.1", port: unbound.port } as const;
      const answer = await query(url.searchParams.get("name") ?? "", recordType, via);
      const Answer = answer.answers.map((each) => ({
        name: `${each.name}.`,
        type: { A: 1, CNAME: 5 }[each.type] ?? 99,
        TTL: each.ttlSeconds,
        data: each.type === "CNAME" ? `${each.data}.` : each.data,
      }));
      const Status = { NOERROR: 0, NXDOMAIN: 3 }[answer.rcode];
      response.setHeader("content-type", "application/dns-json; charset=utf-8");
      response.end(
        JSON.stringify({ Status, TC: false, RD: true, RA: true, AD: true, CD: false, Question: [], Answer }),
      );
    } else if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.setHeader("content-type", "application/dns-message");
      response.end(await throughUnbound(Buffer.concat(chunks)));
    } else response.writeHead(405).end();
  };
  return scriptedHttp(forward, { tls: chain });
}

async function throughUnbound(message: Buffer): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.send(message, unbound.port, "127.0.0.1");
  const [answer] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return answer;
}

describe("DNS over HTTPS, by other servers", () => {
  test("over HTTP/1.1, and by POST where GET is not served", async () => {
    await using server = await front();
    const answer = await query("www.example.test", "A", null, ownDoh(server.port));
    expect([answer.transport, data(answer)]).toEqual(["doh-wire", ["192.0.2.1", "192.0.2.2"]]);
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    const asked = new URL(server.requests[0]?.url ?? "", "https://x").searchParams.get("dns") ?? "";
    expect(decode(Buffer.from(asked, "base64url"))).toMatchObject({
      id: 0,
      questions: [{ name: "www.example.test" }],
    });
  });

  test("as JSON", async () => {
    await using server = await front();
    const answer = await query("b.example.test", "A", null, ownDoh(server.port, "doh-json"));
    expect(answer).toMatchObject({ transport: "doh-json", rcode: "NOERROR", authenticated: true });
    expect(data(answer)).toEqual(["192.0.2.1", "192.0.2.2", "www.example.test"]);
    expect(await query("nobody.example.test", "A", null, ownDoh(server.port, "doh-json"))).toMatchObject({
      rcode: "NXDOMAIN",
      answers: [],
    });
  });

  test.each([
    ["a page", 200, "text/html", "<html>", "malformed/not-dns"],
    ["nothing of DNS", 200, "application/dns-message", "hello", "malformed/not-dns"],
    ["an error", 502, "application/dns-message", "", "server-error/doh-status"],
    ["a redirect", 302, "text/html", "", "server-error/doh-status"],
    ["too much", 200, "application/dns-message", "x".repeat(70_000), "truncated/answer-too-large"],
  ])("%s is no answer", async (_name, status, type, body, expected) => {
    const script: RequestListener = (_request, response) => {
      response.writeHead(status, { "content-type": type, location: "https://127.0.0.1/" }).end(body);
    };
    await using server = await scriptedHttp(script, { tls: chain });
    expect(await failure("www.example.test", null, ownDoh(server.port))).toBe(expected);
  });

  test.each(["", "{", "[]", '{"Status":"0"}', '{"Status":0,"Answer":[{"name":1}]}'])(
    "%j is no JSON answer",
    async (body) => {
      const script: RequestListener = (_request, response) => {
        response.writeHead(200, { "content-type": "application/dns-json" }).end(body);
      };
      await using server = await scriptedHttp(script, { tls: chain });
      expect(await failure("a.test", null, ownDoh(server.port, "doh-json"))).toBe("malformed/not-dns-json");
    },
  );

  test("is asked over https, of a server that proves its name", async () => {
    const at = (scheme: string) =>
      ({ transport: "doh-wire", url: `${scheme}://dns.test:${unbound.dohPort}/` }) as const;
    expect(await failure("a.test", at("http"))).toBe("refused-address/not-https");
    expect(await failure("a.test", at("https"))).toBe("unreachable/untrusted-certificate");
    const other = { transport: "doh-wire", url: `https://other.test:${unbound.dohPort}/dns-query` } as const;
    expect(await failure("a.test", other, { own: { ...other, extraRootsPem: rootsPem } })).toBe(
      "unreachable/certificate-name-mismatch",
    );
  });
});

describe("the guarded dialler decides for every transport", () => {
  const vias = (host: string): Exclude<Via, null>[] => [
    { transport: "udp", host, port: 53 },
    { transport: "tcp", host, port: 53 },
    { transport: "doh-wire", url: `https://${host.includes(":") ? `[${host}]` : host}/dns-query` },
    { transport: "doh-json", url: `https://${host.includes(":") ? `[${host}]` : host}/resolve` },
  ];
  test.each([
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",
    "224.0.0.1",
  ])("%s is refused", async (host) => {
    const dialler = createDialler({ allowedRanges: ["0.0.0.0/0", "::/0"], forbidden: [] });
    for (const via of vias(host))
      expect(await failure("a.test", via, { dialler })).toContain("refused-address/");
  });

  test("loopback is closed until it is opened, and our own database for good", async () => {
    const closed = createDialler({ allowedRanges: [], forbidden: [] });
    for (const via of vias("127.0.0.1")) {
      expect(await failure("a.test", via, { dialler: closed })).toBe("refused-address/loopback-address");
    }
    const forbidden = [{ host: "127.0.0.1", port: unbound.port }];
    const dialler = createDialler({ ...loopback, forbidden });
    const via = { transport: "udp", host: "127.0.0.1", port: unbound.port } as const;
    expect(await failure("a.test", via, { dialler })).toBe("refused-address/own-database-address");
  });

  test("a name server's name that leads elsewhere each time gets no second word", async () => {
    for (const transport of ["udp", "tcp"] as const) {
      const answers = [["127.0.0.1"], ["127.0.0.2"]];
      const lookup = vi.fn(async () => answers.shift() ?? ["169.254.169.254"]);
      const dialler = createDialler({ allowedRanges: ["127.0.0.1/32"], forbidden: [], resolve: lookup });
      const via = { transport, host: "rebinding.test", port: unbound.port };
      // The large answer makes UDP try again over TCP: at the address that was checked, without another look-up.
      const answer = await query("large.example.test", "TXT", via, { dialler });
      expect([answer.server, lookup.mock.calls.length]).toEqual([`127.0.0.1:${unbound.port}`, 1]);
      expect(await failure("a.test", via, { dialler })).toBe("refused-address/loopback-address");
      expect(await failure("a.test", via, { dialler })).toBe("refused-address/metadata-address");
    }
  });
});

/** A UDP server that answers each question as `reply` says. */
async function rogue(reply: (question: Buffer, send: (message: Buffer) => void) => void) {
  const socket: Socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) =>
    reply(question, (message) => socket.send(message, port, address)),
  );
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const via = { transport: "udp", host: "127.0.0.1", port: socket.address().port } as const;
  return { via, [Symbol.dispose]: () => socket.close() };
}

function replyTo(question: Buffer, id?: number, flags = AUTHORITATIVE_ANSWER): Buffer {
  const { id: asked, questions } = decode(question);
  const answers = [{ type: "A" as const, name: "a.test", ttl: 1, data: "192.0.2.9" }];
  return encode({ type: "response", id: id ?? asked, flags, questions, answers });
}

describe("servers that mislead", () => {
  test("forged and broken datagrams are passed over until the answer comes", async () => {
    using server = await rogue((question, send) => {
      const { id = 0 } = decode(question);
      send(Buffer.from("garbage"));
      send(replyTo(question, (id + 1) % 65_536));
      send(Buffer.alloc(0));
      send(replyTo(question));
    });
    expect(data(await query("a.test", "A", server.via))).toEqual(["192.0.2.9"]);
  });

  test("a flood of them ends the question", async () => {
    using server = await rogue((_question, send) => {
      for (let count = 0; count < 300; count++) send(Buffer.from("garbage"));
    });
    expect(await failure("a.test", server.via, { answerTimeoutMs: 2_000 })).toBe("malformed/not-dns");
  });

  test("a datagram that is lost is asked for once more, silence is called so", async () => {
    let count = 0;
    using server = await rogue((question, send) => {
      count += 1;
      if (count > 1) send(replyTo(question));
    });
    expect(data(await query("a.test", "A", server.via, { answerTimeoutMs: 100 }))).toEqual(["192.0.2.9"]);
    using silent = await rogue(() => undefined);
    expect(await failure("a.test", silent.via, { answerTimeoutMs: 50 })).toBe("timed-out/dns-timeout");
  });

  test("a port where nobody is, over UDP too", async () => {
    const server = await rogue(() => undefined);
    server[Symbol.dispose]();
    expect(await failure("a.test", server.via)).toBe("unreachable/connection-refused");
    expect(await failure("a.test", { ...server.via, transport: "tcp" })).toBe(
      "unreachable/connection-refused",
    );
  });

  test("an answer that is cut off, with no TCP behind it", async () => {
    using server = await rogue((question, send) => send(replyTo(question, undefined, TRUNCATED_RESPONSE)));
    expect(await failure("a.test", server.via)).toBe("unreachable/connection-refused");
  });

  test.each([
    ["half an answer", Buffer.from([0, 40, 1, 2, 3]), "unreachable/connection-cut"],
    ["garbage", Buffer.concat([Buffer.from([0, 20]), Buffer.alloc(20)]), "malformed/not-dns"],
  ])("%s over TCP", async (_name, bytes, expected) => {
    const server = createServer((socket) =>
      socket.on("error", () => undefined).once("data", () => socket.end(bytes)),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await failure("a.test", { transport: "tcp", host: "127.0.0.1", port })).toBe(expected);
    server.close();
  });
});

describe("the system's resolver", () => {
  const via = { transport: "system" } as const;

  test("answers for this machine", async () => {
    const answer = await query("localhost", "A", via);
    expect(answer).toMatchObject({ server: "system", transport: "system", rcode: "NOERROR" });
    expect(data(answer)).toEqual(["127.0.0.1"]);
  });

  test.each([
    ["ENOTFOUND", "NXDOMAIN"],
    ["ENODATA", "NOERROR"],
    ["ESERVFAIL", "SERVFAIL"],
  ])("%s is %s", async (code, rcode) => {
    const system = () => Promise.reject(Object.assign(new Error(code), { code }));
    expect(await query("a.test", "A", via, { system })).toMatchObject({ rcode, answers: [] });
  });

  test("that does not answer is unreachable, or timed out", async () => {
    const unavailable = () => Promise.reject(Object.assign(new Error(), { code: "EAI_AGAIN" }));
    expect(await failure("a.test", via, { system: unavailable })).toBe("unreachable/resolver-failed");
    const silent = () => new Promise<never>(() => undefined);
    expect(await failure("a.test", via, { system: silent, answerTimeoutMs: 30 })).toBe(
      "timed-out/dns-timeout",
    );
  });
});

test("without any resolver, and for what is no name, nothing is asked", async () => {
  expect(await failure("a.test", null)).toBe("not-supplied/no-address");
  expect(await failure("a b", { transport: "system" })).toBe("malformed/bad-name");
});
