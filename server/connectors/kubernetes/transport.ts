import { Pool } from "undici";
import { createRedactor } from "../../redact.ts";
import { type ReadContext, ReadError } from "../connector.ts";
import type { Dialler, Endpoint } from "../dialler.ts";
import { readError, systemCode } from "../read-error.ts";
import { tlsFailure } from "../tls-failure.ts";
import type { KubernetesAccess } from "./access.ts";
import { readBody } from "./body.ts";
import { openSecureSocket, type Place } from "./secure-socket.ts";

export type ApiRequest = {
  method: "GET" | "POST";
  /** below the server's address, query included */
  path: string;
  body?: unknown;
  /** what is read, for people: "list pods in namespace payments" */
  what: string;
};
export type ApiResponse = {
  status: number;
  retryAfter: string | undefined;
  text: string;
  /** Takes this connection's credential out of what a server says about a failure. */
  redact(text: string): string;
};

export type Transport = {
  readonly endpoint: Endpoint & { serverName?: string; caPem?: string };
  /** One exchange, whatever the status. Rejects with ReadError where no whole answer came. */
  send(request: ApiRequest, context: ReadContext): Promise<ApiResponse>;
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

  async function exchange(
    request: ApiRequest,
    context: ReadContext,
    stop: AbortSignal,
  ): Promise<ApiResponse> {
    const hasBody = request.body !== undefined;
    const response = await pool.request({
      method: request.method,
      path: basePath + request.path,
      headers: hasBody ? { ...headers, "content-type": "application/json" } : headers,
      body: hasBody ? JSON.stringify(request.body) : null,
      signal: stop,
    });
    const text = await readBody(response.body, {
      isGzip: header(response.headers["content-encoding"])?.toLowerCase() === "gzip",
      maxBytes: options.maxBodyBytes,
      what: request.what,
      onBytes: (count) => context.meter.bytes(count),
    });
    const retryAfter = header(response.headers["retry-after"]);
    return { status: response.statusCode, retryAfter, text, redact: redactor.text };
  }

  return {
    endpoint,
    async send(request, context) {
      const deadline = AbortSignal.timeout(options.requestTimeoutMs);
      const stop = AbortSignal.any([context.signal, deadline]);
      context.meter.call();
      try {
        return await exchange(request, context, stop);
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof ReadError) throw error;
        if (!deadline.aborted) throw brokenExchange(error, alert, { ...place, what: request.what });
        const sentence = `no whole answer within ${options.requestTimeoutMs} ms`;
        throw readError("timed-out", request.what, "request-timeout", sentence, error);
      }
    },
    async close() {
      closing.abort(new Error("the connection was closed"));
      await pool.destroy();
    },
  };
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
