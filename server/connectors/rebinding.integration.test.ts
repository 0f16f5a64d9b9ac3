import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { decode, encode } from "dns-packet";
import { expect, test } from "vitest";
import { countingContext, readFailureOf } from "#testing/read-context.ts";
import { scriptedHttp } from "#testing/scripted-http.ts";
import type { ReadContext } from "./connector.ts";
import { createDialler } from "./dialler.ts";
import { createDnsConnector } from "./dns/client.ts";
import { createHttpConnector } from "./http/client.ts";
import { createRegistryConnector } from "./registry/client.ts";

/** A real name server whose answer changes with every question, as an attacker's does: the last one stays. */
async function rebindingNameServer(...answers: string[]) {
  let asked = 0;
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const { id, questions } = decode(message);
    const data = answers[Math.min(asked, answers.length - 1)] ?? "";
    asked += 1;
    const reply = questions?.map(({ name }) => ({ type: "A" as const, name, ttl: 0, data }));
    socket.send(encode({ type: "response", id, questions, answers: reply }), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    resolve: (name: string) => resolver.resolve4(name),
    asked: () => asked,
    [Symbol.dispose]: () => socket.close(),
  };
}

type Asked = { port: number; dialler: ReturnType<typeof createDialler>; context: ReadContext };
const name = "rebinding.test";
const protocols: [string, (at: Asked) => Promise<unknown>][] = [
  [
    "HTTP",
    ({ port, dialler, context }) =>
      createHttpConnector({ dialler }).read(
        { type: "http.request", url: `http://${name}:${port}/`, method: "GET", redirects: 5 },
        context,
      ),
  ],
  [
    "registry",
    ({ port, dialler, context }) =>
      createRegistryConnector({ dialler, own: { baseUrl: `http://${name}:${port}` } }).read(
        { type: "registry.image", reference: "app:1" },
        context,
      ),
  ],
  ...(["udp", "tcp"] as const).map((transport): (typeof protocols)[number] => [
    `DNS over ${transport}`,
    ({ port, dialler, context }) =>
      createDnsConnector({ dialler, answerTimeoutMs: 200 }).read(
        { type: "dns.query", name: "a.test", recordType: "A", via: { transport, host: name, port } },
        context,
      ),
  ]),
  [
    "DNS over HTTPS",
    ({ port, dialler, context }) =>
      createDnsConnector({ dialler }).read(
        {
          ...{ type: "dns.query", name: "a.test", recordType: "A" },
          via: { transport: "doh-wire", url: `https://${name}:${port}/dns-query` },
        },
        context,
      ),
  ],
];

test.each(protocols)("%s: a name server that leads elsewhere at the second question", async (_name, ask) => {
  await using trap = await scriptedHttp((_request, response) => response.end(), { host: "127.0.0.2" });
  await using server = await scriptedHttp((_request, response) => response.writeHead(404).end(), {
    port: trap.port,
  });
  using names = await rebindingNameServer("127.0.0.1", "127.0.0.2", "169.254.169.254");
  const { resolve } = names;
  const dialler = createDialler({ allowedRanges: ["127.0.0.1/32"], forbidden: [], resolve });
  const asking = () => ask({ port: server.port, dialler, context: countingContext() });
  // What the server makes of the question is no matter: the question reached it, after one look-up.
  await asking().catch(() => undefined);
  expect(names.asked()).toBe(1);
  expect(await readFailureOf(asking())).toBe("refused-address/loopback-address");
  expect(await readFailureOf(asking())).toBe("refused-address/metadata-address");
  expect([names.asked(), trap.requests.length]).toEqual([3, 0]);
});

test("a redirect back to the same name is looked up, and refused, anew", async () => {
  await using server = await scriptedHttp((_request, response) => {
    response.writeHead(302, { location: `http://${name}:${server.port}/again` }).end();
  });
  using names = await rebindingNameServer("127.0.0.1", "169.254.169.254");
  const { resolve } = names;
  const dialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [], resolve });
  const http = createHttpConnector({ dialler });
  const request = {
    type: "http.request",
    url: `http://${name}:${server.port}/`,
    method: "GET",
    redirects: 5,
  } as const;
  expect(await readFailureOf(http.read(request, countingContext()))).toBe("refused-address/metadata-address");
  expect([names.asked(), server.requests.length]).toEqual([2, 1]);
});
