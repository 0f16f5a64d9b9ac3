import { Agent, request } from "undici";
import type { Dialler, Endpoint } from "../dialler.ts";
import { openStream } from "../secure-stream.ts";

export type GuardedFetch = (
  url: string,
  options?: { method?: string; headers?: HeadersInit; body?: string },
) => Promise<Response>;

const maxBodyBytes = 1 << 20;
const connectTimeoutMs = 5_000;
const requestTimeoutMs = 10_000;

/**
 * A fetch whose every connection comes from a dialler: `diallerFor` says from which. An answer of more than 1 MiB, one
 * that is late and one that sends elsewhere are errors.
 */
export function createGuardedFetch(diallerFor: (endpoint: Endpoint) => Dialler): GuardedFetch {
  const agent = new Agent({
    keepAliveTimeout: 1_000,
    connect: ({ hostname, port, protocol }, done) => {
      const secure = protocol === "https:";
      const endpoint = {
        host: hostname.replace(/^\[|\]$/g, ""),
        port: Number(port || (secure ? 443 : 80)),
      };
      openStream({
        ...{ dialler: diallerFor(endpoint), endpoint, timeoutMs: connectTimeoutMs },
        ...(secure ? { trust: {} } : {}),
        ...{ signal: new AbortController().signal, what: `connect to ${hostname}` },
      }).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      );
    },
  });
  return async (url, { method = "GET", headers, body } = {}) => {
    const answer = await request(url, {
      dispatcher: agent,
      method: method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(new Headers(headers)),
      body: body ?? null,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes)
        throw new Error(`${new URL(url).host} answered with more than ${maxBodyBytes} bytes`);
      chunks.push(chunk);
    }
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      throw new Error(`${new URL(url).host} sends elsewhere, which is not followed`);
    }
    return new Response(Buffer.concat(chunks), {
      status: answer.statusCode,
      headers: { "content-type": String(answer.headers["content-type"] ?? "application/json") },
    });
  };
}
