import { Agent, type IncomingMessage, request as sendRequest } from "node:http";
import { headerOf } from "./headers.ts";
import type { OpenConnection } from "./open-connection.ts";
import { type Body, readBody } from "./read-body.ts";

export type Message = {
  method: "GET" | "HEAD" | "POST";
  url: URL;
  headers: Record<string, string>;
  body?: Buffer;
  maxBodyBytes: number;
};

/** One answer, with the moments of `performance.now()` at which things happened. */
export type Received = Body & {
  status: number;
  httpVersion: string;
  headers: [name: string, value: string][];
  sentAt: number;
  firstByteAt: number;
  endedAt: number;
};

export type Sender = {
  send(message: Message, stop: AbortSignal): Promise<Received>;
  /** whether another message can follow on the same connection */
  isReusable(): boolean;
  close(): void;
};

const maxHeaderBytes = 64 << 10;
const maxHeaders = 200;

/** HTTP/1.1 over a connection that is open already; one message after the other. */
export function http1Over(connection: OpenConnection, options: { keepAlive: boolean }): Sender {
  const { socket } = connection;
  const agent = new Agent({ keepAlive: options.keepAlive, maxSockets: 1 });
  let isHanded = false;
  agent.createConnection = (_options, done) => {
    if (!isHanded) {
      isHanded = true;
      return socket;
    }
    done?.(Object.assign(new Error("the server closed the kept connection"), { code: "ECONNRESET" }), socket);
    return undefined;
  };
  socket.on("error", () => undefined);

  return {
    async send({ method, url, headers, body, maxBodyBytes }, stop) {
      let firstByteAt = 0;
      const sentAt = performance.now();
      const request = sendRequest({
        agent,
        signal: stop,
        method,
        host: url.hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          ...headers,
          ...(body ? { "content-length": body.length } : {}),
          connection: options.keepAlive ? "keep-alive" : "close",
        },
        setHost: false,
        maxHeaderSize: maxHeaderBytes,
      });
      request.maxHeadersCount = maxHeaders;
      request.once("socket", (used) =>
        used.prependOnceListener("data", () => {
          firstByteAt = performance.now();
        }),
      );
      const response = await new Promise<IncomingMessage>((fulfil, reject) => {
        request.on("error", reject).once("response", fulfil);
        request.end(body);
      });
      const pairs = pairsOf(response.rawHeaders);
      const read = await readBody(response, {
        maxBytes: maxBodyBytes,
        encoding: headerOf(pairs, "content-encoding"),
      });
      const { httpVersion, statusCode = 0 } = response;
      return { status: statusCode, httpVersion, headers: pairs, sentAt, firstByteAt, ...read };
    },
    isReusable: () => options.keepAlive && !socket.destroyed && socket.writable && !socket.readableEnded,
    close: () => {
      agent.destroy();
      socket.destroy();
    },
  };
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    pairs.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  }
  return pairs;
}
