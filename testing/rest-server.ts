import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { handleRest } from "#server/api/rest/handle.ts";
import type { TestInstance } from "./instance.ts";

export type RestServer = {
  url: string;
  /** "METHOD /path" of each request so far */
  asked: string[];
  /** what the next requests get instead of the API's answer, first to last */
  interrupt: ((request: Request) => Response | Promise<Response>)[];
  close(): Promise<void>;
};

/** The API of an instance on a port of its own, as `next` serves it. */
export async function startRestServer(instance: TestInstance): Promise<RestServer> {
  const asked: string[] = [];
  const interrupt: RestServer["interrupt"] = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = await toRequest(incoming);
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    const answer = await (interrupt.shift()?.(request) ?? handleRest(request, instance.services));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body) await pipeline(Readable.from(answer.body), outgoing);
    else outgoing.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    interrupt,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined;
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers,
    body,
  });
}
