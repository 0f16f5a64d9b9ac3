import { Pool } from "undici";
import type { ReadContext } from "../connector.ts";
import { ReadError } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readBody } from "../kubernetes/body.ts";
import { readError, systemCode } from "../read-error.ts";
import { openStream } from "../secure-stream.ts";
import type { PrometheusAccess } from "./access.ts";

export type TransportOptions = {
  dialler: Dialler;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  maxBodyBytes: number;
};
export type PrometheusResponse = { status: number; text: string };

/** HTTP/1.1 to one server, every connection through the dialler. No redirect is followed. */
export function createTransport(access: PrometheusAccess, options: TransportOptions) {
  const url = new URL(access.baseUrl);
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (secure ? 443 : 80));
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const closing = new AbortController();
  const basePath = url.pathname.replace(/\/$/, "");
  const pool = new Pool(url.origin, {
    ...{ connections: 2, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 },
    connect: (_options, callback) => {
      openStream({
        dialler: options.dialler,
        endpoint: { host, port },
        trust: secure ? { caPem: access.caPem, serverName: access.serverName } : undefined,
        timeoutMs: options.connectTimeoutMs,
        signal: closing.signal,
        what: `connect to ${place}`,
      }).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });

  return {
    place,
    async get(path: string, what: string, context: ReadContext): Promise<PrometheusResponse> {
      const deadline = AbortSignal.timeout(options.requestTimeoutMs);
      context.meter.call();
      try {
        const response = await pool.request({
          method: "GET",
          path: basePath + path,
          headers: headersOf(access),
          signal: AbortSignal.any([context.signal, deadline]),
        });
        const encoding = response.headers["content-encoding"];
        const text = await readBody(response.body, {
          isGzip: encoding === "gzip",
          maxBytes: options.maxBodyBytes,
          what,
          onBytes: (count) => context.meter.bytes(count),
        });
        return { status: response.statusCode, text };
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof ReadError) throw error;
        if (deadline.aborted) {
          const sentence = `no whole answer within ${options.requestTimeoutMs} ms`;
          throw readError("timed-out", what, "request-timeout", sentence, error);
        }
        const code = systemCode(error) ?? "unknown error";
        const sentence = `the connection broke before the whole answer was read (${code})`;
        throw readError("unreachable", what, "connection-cut", sentence, error);
      }
    },
    async close() {
      closing.abort(new Error("the connection was closed"));
      await pool.destroy();
    },
  };
}

function headersOf({ auth }: PrometheusAccess): Record<string, string> {
  const headers = { accept: "application/json", "accept-encoding": "gzip", "user-agent": "weekbook" };
  if (!auth) return headers;
  if (auth.type === "bearer") return { ...headers, authorization: `Bearer ${auth.token}` };
  const pair = Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64");
  return { ...headers, authorization: `Basic ${pair}` };
}
