import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Pair } from "../certificates.ts";
import { authenticate } from "./authenticate.ts";
import type { Answer, Cluster } from "./context.ts";
import type { Disturbances, Trouble } from "./disturbances.ts";
import { fairnessHeaders } from "./fairness.ts";
import { acceptForward, protocol } from "./forward.ts";
import { handle } from "./handle.ts";
import { listensAt, refuseForward } from "./pod-ports.ts";
import type { RequestLog } from "./request-log.ts";
import { parsePath, toResourceCall } from "./resource-call.ts";
import { respond } from "./respond.ts";
import { ApiError, badRequest, PageNotFound } from "./status.ts";
import { disturb } from "./trouble.ts";
import { existing } from "./writes.ts";

export type ApiServerOptions = {
  cluster: Cluster;
  authority: Pair;
  certificate: Pair;
  tokens: ReadonlyMap<string, string>;
  disturbances: Disturbances;
  log: RequestLog;
  latencyMs: number;
};

export type ApiServer = { listener: Server; closeConnections: () => void };

/** The HTTPS front of the cluster. A plain HTTP request gets the sentence a real server has for it. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const https = createHttpsServer(
    {
      cert: options.certificate.certificatePem,
      key: options.certificate.keyPem,
      ca: options.authority.certificatePem,
      minVersion: "TLSv1.2",
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => void serve(options, request, response),
  );
  https.on("upgrade", (request, socket) => void forward(options, request, socket));
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sortOut(socket, https);
  });
  return {
    listener,
    closeConnections() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const tlsHandshake = 0x16;

/** The first byte tells TLS from plain HTTP. */
function sortOut(socket: Socket, https: HttpsServer): void {
  socket.once("data", (first: Buffer) => {
    if (first[0] !== tlsHandshake) {
      const text = "Client sent an HTTP request to an HTTPS server.\n";
      socket.end(`HTTP/1.0 400 Bad Request\r\n\r\n${text}`);
      return;
    }
    socket.pause();
    socket.unshift(first);
    https.emit("connection", socket);
  });
}

async function serve(
  options: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const [path = "", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const entry = { method: request.method ?? "", path, query, user: "" };
  let bytes = 0;
  try {
    if (options.latencyMs > 0) await later(options.latencyMs, response);
    response.setHeader("Audit-Id", crypto.randomUUID());
    const { answer, trouble } = await answerFor(options, request, entry);
    for (const [name, value] of Object.entries(fairnessHeaders(options.cluster, entry.user))) {
      response.setHeader(name, value);
    }
    bytes = trouble
      ? await disturb(trouble, request, response, answer)
      : await respond(request, response, answer);
  } catch {
    // the client went away, or the answer could not be finished: the broken connection tells
    response.destroy();
  }
  options.log.add({
    ...entry,
    at: new Date().toISOString(),
    status: response.statusCode,
    bytes,
    elapsedMs: Math.round(performance.now() - startedAt),
  });
}

/** The one thing that is upgraded is a port-forward; whatever is refused is answered as any other request. */
async function forward(options: ApiServerOptions, request: IncomingMessage, socket: Duplex): Promise<void> {
  const [path = "", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const entry = { method: request.method ?? "", path, query, user: "" };
  socket.on("error", () => socket.destroy());
  let status = 101;
  try {
    const user = authenticate(request, options.tokens);
    entry.user = user.username;
    const call = { request, path, query: new URLSearchParams(query), user };
    const parsed = parsePath(path);
    if (parsed?.subresource !== "portforward") throw badRequest("nothing here is upgraded");
    const about = toResourceCall(options.cluster, call, parsed);
    const refused = refuseForward(options.cluster, about);
    if (refused) throw refused;
    if (!String(request.headers["sec-websocket-protocol"]).includes(protocol)) {
      throw new ApiError(403, "Forbidden", "", { details: {} });
    }
    const port = Number(about.query.get("ports"));
    const pod = existing(options.cluster, about);
    acceptForward(request, socket, { port, listens: listensAt(pod, port) });
  } catch (error) {
    const answer = refusal(error);
    status = answer.status;
    const text = "text" in answer ? answer.text : JSON.stringify("object" in answer ? answer.object : {});
    const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n`;
    socket.end(head + text);
  }
  options.log.add({ ...entry, at: new Date().toISOString(), status, bytes: 0, elapsedMs: 0 });
}

async function answerFor(
  options: ApiServerOptions,
  request: IncomingMessage,
  entry: { method: string; path: string; query: string; user: string },
): Promise<{ answer: () => Promise<Answer>; trouble: Trouble } | { answer: Answer; trouble: undefined }> {
  const call = { request, path: entry.path, query: new URLSearchParams(entry.query) };
  try {
    const user = authenticate(request, options.tokens);
    entry.user = user.username;
    const trouble = options.disturbances.next(entry);
    const answer = () => handle(options.cluster, { ...call, user }).catch(refusal);
    return trouble ? { answer, trouble } : { answer: await answer(), trouble: undefined };
  } catch (error) {
    return { answer: refusal(error), trouble: undefined };
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof PageNotFound) {
    const headers = { "X-Content-Type-Options": "nosniff" };
    return { status: 404, headers, text: "404 page not found\n" };
  }
  if (error instanceof URIError) return refusal(new ApiError(400, "BadRequest", error.message));
  if (!(error instanceof ApiError)) {
    console.error(error);
    return refusal(
      new ApiError(
        500,
        "InternalError",
        "Internal error occurred: the practice cluster has a fault of its own",
      ),
    );
  }
  if (error.code === 504 && error.headers["Retry-After"] === undefined) return timedOut(error);
  return { status: error.code, headers: error.headers, object: error.toStatus() };
}

/** A real server's time-out filter writes JSON, calls it text and leaves kind and apiVersion out. */
function timedOut(error: ApiError): Answer {
  const { kind: _, apiVersion: __, ...status } = error.toStatus();
  return { status: 504, text: `${JSON.stringify(status)}\n` };
}

function later(delayMs: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    response.once("close", () => {
      clearTimeout(timer);
      reject(new Error("The client went away."));
    });
  });
}
