import type { TLSSocket } from "node:tls";
import { type Dispatcher, Pool } from "undici";
import { createRedactor } from "../../redact.ts";
import { type ReadContext, ReadError } from "../connector.ts";
import type { Dialler, Endpoint } from "../dialler.ts";
import { readError, systemCode } from "../read-error.ts";
import { tlsFailure } from "../tls-failure.ts";
import type { KubernetesAccess } from "./access.ts";
import { linesOf, readBody, readCutBody } from "./body.ts";
import { openSecureSocket, type Place } from "./secure-socket.ts";

export type ApiRequest = {
  method: "GET" | "POST";
  /** below the server's address, query included */
  path: string;
  body?: unknown;
  /** what is read, for people: "list pods in namespace payments" */
  what: string;
  /** cut the answer there, and say so, instead of refusing it; with `keepLines` only lines that begin so count */
  cut?: { maxBytes: number; keepLines?: readonly string[] };
  /** where the usual time is not right */
  timeoutMs?: number;
  /** what the usual retries would only make slower */
  once?: boolean;
  /** where another form of the answer is wanted */
  accept?: string;
};
export type ApiResponse = {
  status: number;
  retryAfter: string | undefined;
  contentType: string;
  text: string;
  truncated: boolean;
  /** Takes this connection's credential out of what a server says about a failure. */
  redact(text: string): string;
};

export type Transport = {
  readonly endpoint: Endpoint & { serverName?: string; caPem?: string };
  /** One exchange, whatever the status. Rejects with ReadError where no whole answer came. */
  send(request: ApiRequest, context: ReadContext): Promise<ApiResponse>;
  /** An answer that goes on: each line of a 200 to `onLine`, until that says false, the answer ends or `stop` does. */
  stream(
    request: ApiRequest,
    context: ReadContext,
    watching: { onLine: (line: string) => boolean; stop: AbortSignal },
  ): Promise<ApiResponse>;
  /** A connection of one's own, for what is no plain exchange, with what a request on it has to begin with. */
  open(
    signal: AbortSignal,
  ): Promise<{ socket: TLSSocket; headers: Record<string, string>; basePath: string }>;
  redact(text: string): string;
  close(): Promise<void>;
};

export type TransportOptions = {
  dialler: Dialler;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  connections: number;
  maxBodyBytes: number;
};

/** HTTP/1.1 over TLS to one API server, kept alive, every connection through the dialler. No redirect is followed. */
export function createTransport(access: KubernetesAccess, options: TransportOptions): Transport {
  const url = new URL(access.server);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const endpoint = {
    host,
    port: Number(url.port || 443),
    serverName: access.tlsServerName,
    caPem: access.caPem,
  };
  const place: Place = {
    what: `connect to ${host.includes(":") ? `[${host}]` : host}:${endpoint.port}`,
    serverName: access.tlsServerName ?? host,
    hasCa: access.caPem !== undefined,
  };
  const closing = new AbortController();
  // Over TLS 1.3 a server turns a client certificate down after the handshake; the pool would forget its alert.
  let alert: unknown;
  const pool = createPool(url.origin, options.connections, async () => {
    const { dialler, connectTimeoutMs: timeoutMs } = options;
    alert = undefined;
    const socket = await openSecureSocket(access, endpoint, {
      dialler,
      timeoutMs,
      signal: closing.signal,
      place,
    });
    socket.once("error", (error) => {
      alert = error;
    });
    return socket;
  });
  const headers = headersOf(access);
  const redactor = createRedactor([access.auth.type === "token" ? access.auth.token : access.auth.keyPem]);
  const basePath = url.pathname.replace(/\/$/, "");

  function ask(request: ApiRequest, signal: AbortSignal, more: Record<string, string> = {}) {
    const hasBody = request.body !== undefined;
    const type = {
      ...(hasBody && { "content-type": "application/json" }),
      ...(request.accept && { accept: request.accept }),
    };
    return pool.request({
      method: request.method,
      path: basePath + request.path,
      headers: { ...headers, ...type, ...more },
      body: hasBody ? JSON.stringify(request.body) : null,
      signal,
    });
  }

  async function answerOf(
    response: Dispatcher.ResponseData,
    request: ApiRequest,
    { meter }: ReadContext,
  ): Promise<ApiResponse> {
    const isGzip = header(response.headers["content-encoding"])?.toLowerCase() === "gzip";
    const onBytes = (count: number) => meter.bytes(count);
    const { what, cut } = request;
    const body = cut
      ? await readCutBody(response.body, { isGzip, onBytes, ...cutOf(cut, response.statusCode) })
      : { text: await readBody(response.body, { isGzip, onBytes, what, maxBytes: options.maxBodyBytes }) };
    return {
      status: response.statusCode,
      retryAfter: header(response.headers["retry-after"]),
      contentType: header(response.headers["content-type"]) ?? "",
      truncated: false,
      ...body,
      redact: redactor.text,
    };
  }

  return {
    endpoint,
    async send(request, context) {
      const timeoutMs = request.timeoutMs ?? context.limits?.requestMs ?? options.requestTimeoutMs;
      const deadline = AbortSignal.timeout(timeoutMs);
      const stop = AbortSignal.any([context.signal, deadline]);
      context.meter.call();
      try {
        return await answerOf(await ask(request, stop), request, context);
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof ReadError) throw error;
        if (!deadline.aborted) throw brokenExchange(error, alert, { ...place, what: request.what });
        const sentence = `no whole answer within ${timeoutMs} ms`;
        throw readError("timed-out", request.what, "request-timeout", sentence, error);
      }
    },
    async stream(request, context, { onLine, stop }) {
      context.meter.call();
      try {
        const signal = AbortSignal.any([context.signal, stop]);
        const response = await ask(request, signal, { "accept-encoding": "identity" });
        if (response.statusCode !== 200) return await answerOf(response, request, context);
        response.body.on("data", (chunk) => context.meter.bytes(Buffer.byteLength(chunk)));
        for await (const line of linesOf(response.body)) if (!onLine(line)) break;
        return { ...watched, redact: redactor.text };
      } catch (error) {
        context.signal.throwIfAborted();
        if (stop.aborted) return { ...watched, redact: redactor.text };
        if (error instanceof ReadError) throw error;
        throw brokenExchange(error, alert, { ...place, what: request.what });
      }
    },
    async open(signal) {
      const { dialler, connectTimeoutMs: timeoutMs } = options;
      const socket = await openSecureSocket(access, endpoint, { dialler, timeoutMs, signal, place });
      return { socket, headers, basePath };
    },
    redact: redactor.text,
    async close() {
      closing.abort(new Error("the connection was closed"));
      await pool.destroy();
    },
  };
}

const watched = { status: 200, retryAfter: undefined, contentType: "", text: "", truncated: false };

/** What a server says about a failure is read whole, whichever lines were wanted. */
function cutOf(cut: NonNullable<ApiRequest["cut"]>, status: number): NonNullable<ApiRequest["cut"]> {
  return status === 200 ? cut : { maxBytes: cut.maxBytes };
}

function createPool(
  origin: string,
  connections: number,
  open: () => ReturnType<typeof openSecureSocket>,
): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    // Every request has its own deadline, which covers waiting, headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      open().then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
    },
  });
}

function headersOf({ auth }: KubernetesAccess): Record<string, string> {
  const headers = { accept: "application/json", "accept-encoding": "gzip", "user-agent": "weekbook" };
  return auth.type === "token" ? { ...headers, authorization: `Bearer ${auth.token}` } : headers;
}

function brokenExchange(error: unknown, alert: unknown, place: Place): ReadError {
  const code = systemCode(error) ?? "unknown error";
  const sentence = `the connection broke before the whole answer was read (${code})`;
  const failure = tlsFailure(error, place) ?? tlsFailure(alert, place);
  return failure ?? readError("unreachable", place.what, "connection-cut", sentence, error);
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
