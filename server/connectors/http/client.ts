import type { Reason } from "#common/result.ts";
import type { HttpExchange, HttpRequest } from "../../checks/needs/endpoint-requests.ts";
import { createRedactor } from "../../redact.ts";
import { type EndpointConnector, type ReadContext, ReadError } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { readError } from "../read-error.ts";
import { belowBase, parseHttpUrl } from "./address.ts";
import { createExchanger, type Exchanger } from "./exchange.ts";
import { type Followed, follow, type HeadersFor } from "./follow.ts";
import { keptHeaders, requestHeaders } from "./headers.ts";
import type { Trust } from "./open-connection.ts";

export type HttpAuth =
  | { type: "basic"; username: string; password: string }
  | { type: "bearer"; token: string };

/** A registered endpoint. Its credential and its trust are for its own origin alone. */
export type OwnHttp = Trust & { baseUrl: string; auth?: HttpAuth };

export type HttpConnectorOptions = {
  dialler: Dialler;
  own?: OwnHttp;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
};

const maxRepeats = 100;
const maxRedirects = 10;
const defaultBodyBytes = 64 << 10;
const maxBodyBytes = 1 << 20;

export function createHttpConnector(options: HttpConnectorOptions): EndpointConnector<HttpRequest> {
  const { own } = options;
  const base = own && parseHttpUrl(own.baseUrl, "the registered address");
  const trust = (url: URL): Trust => (own && url.origin === base?.origin ? own : {});
  const authorization = own?.auth && authorizationOf(own.auth);
  const redactor = own?.auth && createRedactor(secretsOf(own.auth));
  const settings = {
    dialler: options.dialler,
    trust,
    protocols: ["http/1.1"] as const,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
  };

  function addressOf({ url, path }: HttpRequest, what: string): URL {
    if (url !== null) return parseHttpUrl(url, what);
    if (base) return belowBase(base, path, what);
    throw readError("not-supplied", what, "no-address", "neither the request nor the target has an address");
  }

  async function readOne(
    exchanger: Exchanger,
    request: HttpRequest,
    at: { what: string; context: ReadContext },
  ) {
    const start = addressOf(request, at.what);
    const given = requestHeaders(request.headers, at.what);
    const bare = requestHeaders(undefined, at.what);
    const headers: HeadersFor = (url) => ({
      ...(url.origin === start.origin ? given : bare),
      ...(authorization && url.origin === base?.origin && url.origin === start.origin
        ? { authorization }
        : {}),
    });
    const done = await follow(
      exchanger,
      {
        what: at.what,
        method: request.method,
        url: start,
        headers,
        redirects: Math.min(request.redirects ?? 0, maxRedirects),
        maxBodyBytes: Math.min(request.bodyBytes ?? defaultBodyBytes, maxBodyBytes),
      },
      at.context,
    );
    const value = exchangeOf(done);
    return redactor ? redactor.value(value) : value;
  }

  return {
    async read(request, context) {
      const what = `${request.method} ${request.url ?? own?.baseUrl ?? "the endpoint"}${request.path ?? ""}`;
      const exchanger = createExchanger(settings, { keepAlive: request.keepAlive === true });
      const value: HttpExchange[] = [];
      const missing: Reason[] = [];
      const times = Math.min(Math.max(1, request.repeat ?? 1), maxRepeats);
      try {
        for (let count = 0; count < times; count++) {
          try {
            value.push(await readOne(exchanger, request, { what, context }));
          } catch (error) {
            context.signal.throwIfAborted();
            if (!(error instanceof ReadError) || value.length + missing.length === 0) throw error;
            missing.push(error.reason);
          }
        }
      } finally {
        exchanger.close();
      }
      return { value, read: value.length, missing };
    },
    close: () => Promise.resolve(),
  };
}

function exchangeOf(done: Followed): HttpExchange {
  return {
    url: done.url.href,
    address: done.address,
    httpVersion: done.httpVersion,
    status: done.status,
    headers: keptHeaders(done.headers),
    body: done.kept.toString("utf8"),
    bodyBytes: done.receivedBytes,
    bodyTruncated: done.truncated,
    phases: done.all,
    redirects: done.redirects,
    reused: done.reused,
  };
}

function authorizationOf(auth: HttpAuth): string {
  if (auth.type === "bearer") return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
}

function secretsOf(auth: HttpAuth): string[] {
  if (auth.type === "bearer") return [auth.token];
  return [auth.password, Buffer.from(`${auth.username}:${auth.password}`).toString("base64")];
}
