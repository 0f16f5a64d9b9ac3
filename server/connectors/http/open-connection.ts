import { isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { Dialler } from "../dialler.ts";
import { systemRoots } from "../system-roots.ts";
import { endpointOf } from "./address.ts";

/** Whom a TLS server may be vouched for by. Both are settings of a registered endpoint, for its own address alone. */
export type Trust = { extraRootsPem?: string; skipVerification?: boolean };

export type OpenConnection = {
  socket: Socket | TLSSocket;
  address: string;
  protocol: "http/1.1" | "h2";
  /** by `performance.now()`, when the look-up began */
  startedAt: number;
  /** each since the beginning; 0 for TLS where there is none */
  lookupMs: number;
  connectMs: number;
  tlsMs: number;
  /** as on the wire, TLS included */
  receivedBytes(): number;
};

const contexts = new Map<string, SecureContext>();

/** Reading hundreds of roots takes as long as a handshake, so that it is done once and outside the clock. */
function contextOf(extraRootsPem: string | undefined): SecureContext {
  const key = extraRootsPem ?? "";
  const known = contexts.get(key);
  if (known) return known;
  const ca = [...systemRoots(), ...(extraRootsPem ? [extraRootsPem] : [])];
  const made = createSecureContext({ ca, minVersion: "TLSv1.2", allowPartialTrustChain: key !== "" });
  if (contexts.size >= 50) contexts.clear();
  contexts.set(key, made);
  return made;
}

/** A connection through the dialler, verified where it is TLS, with the moments of its making by our own clock. */
export async function openConnection(
  url: URL,
  options: {
    dialler: Dialler;
    trust: Trust;
    protocols: readonly ("h2" | "http/1.1")[];
    connectTimeoutMs: number;
    /** aborts the whole, the handshake too */
    signal: AbortSignal;
  },
): Promise<OpenConnection> {
  const isTls = url.protocol === "https:";
  const secureContext = isTls ? contextOf(options.trust.extraRootsPem) : undefined;
  const startedAt = performance.now();
  let lookupMs = 0;
  const raw = await options.dialler.connect(endpointOf(url), {
    signal: options.signal,
    timeoutMs: options.connectTimeoutMs,
    onAdmitted: () => {
      lookupMs = performance.now() - startedAt;
    },
  });
  const connectMs = performance.now() - startedAt;
  // Whoever uses the connection listens as well; until then a reset must not end the process.
  raw.on("error", () => undefined);
  const rest = {
    startedAt,
    address: raw.remoteAddress ?? "",
    lookupMs,
    connectMs,
    receivedBytes: () => raw.bytesRead,
  };
  if (!secureContext) return { socket: raw, protocol: "http/1.1", tlsMs: 0, ...rest };
  const { host } = endpointOf(url);
  const socket = connect({
    socket: raw,
    secureContext,
    ...(isIP(host) ? {} : { servername: host }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    rejectUnauthorized: options.trust.skipVerification !== true,
    ALPNProtocols: [...options.protocols],
  });
  await handshake(socket, options.signal);
  const protocol = socket.alpnProtocol === "h2" ? "h2" : "http/1.1";
  return { socket, protocol, tlsMs: performance.now() - startedAt, ...rest };
}

function handshake(socket: TLSSocket, stop: AbortSignal): Promise<void> {
  return new Promise((fulfil, reject) => {
    const settle = (finish: () => void) => {
      stop.removeEventListener("abort", abort);
      socket.removeListener("error", fail).removeListener("close", closed);
      finish();
    };
    const fail = (error: unknown) => {
      settle(() => reject(error));
      socket.on("error", () => undefined).destroy();
    };
    const closed = () => fail(new Error("closed during the handshake"));
    const abort = () => fail(stop.reason);
    if (stop.aborted) return abort();
    stop.addEventListener("abort", abort, { once: true });
    socket.once("error", fail).once("close", closed);
    socket.once("secureConnect", () => settle(fulfil));
  });
}
