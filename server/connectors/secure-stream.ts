import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { ReadError } from "./connector.ts";
import type { Dialler, Endpoint } from "./dialler.ts";
import { readError } from "./read-error.ts";
import { systemRoots } from "./system-roots.ts";
import { tlsFailure } from "./tls-failure.ts";

/** How a server proves who it is. Without `caPem` by the roots this machine trusts. */
export type StreamTrust = { caPem?: string; serverName?: string };

type Options = {
  dialler: Dialler;
  endpoint: Endpoint;
  /** undefined: without TLS */
  trust?: StreamTrust;
  timeoutMs: number;
  signal: AbortSignal;
  what: string;
};

/** A connection through the dialler, over TLS only with a server that proved its name. Rejects with ReadError. */
export async function openStream(options: Options): Promise<Socket> {
  const { dialler, endpoint, trust, timeoutMs, signal } = options;
  const startedMs = performance.now();
  const socket = await dialler.connect(endpoint, { signal, timeoutMs });
  // Whoever takes the socket listens as well; until then a reset must not end the process.
  socket.on("error", () => {});
  if (!trust) return socket;
  const leftMs = Math.max(1, Math.floor(timeoutMs - (performance.now() - startedMs)));
  const stop = AbortSignal.any([signal, AbortSignal.timeout(leftMs)]);
  try {
    return await shakeHands(socket, trust.serverName ?? endpoint.host, { caPem: trust.caPem, stop });
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    if (error instanceof ReadError) throw error;
    throw streamFailure(error, { ...options, trust, timedOut: stop.aborted });
  }
}

function streamFailure(
  error: unknown,
  at: { what: string; endpoint: Endpoint; trust: StreamTrust; timedOut: boolean },
): ReadError {
  const { what, trust } = at;
  if (at.timedOut) {
    return readError("timed-out", what, "tls-timeout", "the TLS handshake did not end in time", error);
  }
  const serverName = trust.serverName ?? at.endpoint.host;
  const known = tlsFailure(error, { what, serverName, hasCa: trust.caPem !== undefined });
  const sentence = "the connection was closed during the TLS handshake";
  return known ?? readError("unreachable", what, "tls-closed", sentence, error);
}

function shakeHands(
  socket: Socket,
  serverName: string,
  { caPem, stop }: { caPem: string | undefined; stop: AbortSignal },
): Promise<TLSSocket> {
  return new Promise((fulfil, reject) => {
    const secure = connect({
      socket,
      ...(isIP(serverName) ? {} : { servername: serverName }),
      checkServerIdentity: (_name, certificate) => checkServerIdentity(serverName, certificate),
      ca: trustedRoots(caPem),
      allowPartialTrustChain: caPem !== undefined,
      minVersion: "TLSv1.2",
    });
    const settle = (finish: () => void) => {
      stop.removeEventListener("abort", abort);
      finish();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const abort = () => fail(stop.reason);
    if (stop.aborted) return abort();
    stop.addEventListener("abort", abort, { once: true });
    // Stays for good: whoever uses the stream listens as well.
    secure.on("error", fail);
    secure.once("close", () => fail(new Error("closed during the handshake")));
    secure.once("secureConnect", () => settle(() => fulfil(secure)));
  });
}

/** The given CA alone, or else whatever this machine trusts. */
export function trustedRoots(caPem: string | undefined): string[] {
  return caPem === undefined ? systemRoots() : [caPem];
}
