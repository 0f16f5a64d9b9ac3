import { isIP } from "node:net";
import { checkServerIdentity, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { TlsHandshake } from "../checks/needs/tls.ts";
import { type ReadContext, ReadError, type TlsConnector } from "./connector.ts";
import type { Dialler } from "./dialler.ts";
import { readError } from "./read-error.ts";
import { systemRoots } from "./system-roots.ts";
import { tapStream } from "./tapped-stream.ts";
import { tlsFailure } from "./tls-failure.ts";
import { sentCertificates } from "./tls-wire.ts";

export type TlsConnectorOptions = {
  dialler: Dialler;
  connectTimeoutMs?: number;
  handshakeTimeoutMs?: number;
};

type Request = Parameters<TlsConnector["handshake"]>[0];

/** Looks at what a TLS server presents, however bad it is. Nothing is sent over the connection. */
export function createTlsConnector(options: TlsConnectorOptions): TlsConnector {
  const connectTimeoutMs = options.connectTimeoutMs ?? 5_000;
  const handshakeTimeoutMs = options.handshakeTimeoutMs ?? 10_000;
  return {
    async handshake(request, context) {
      const { signal, meter } = context;
      const endpoint = `${request.host.includes(":") ? `[${request.host}]` : request.host}:${request.port}`;
      const what = `TLS handshake with ${endpoint}`;
      meter.call();
      const socket = await options.dialler.connect(request, { signal, timeoutMs: connectTimeoutMs });
      const deadline = AbortSignal.timeout(handshakeTimeoutMs);
      const address = socket.remoteAddress ?? "";
      const tap = tapStream(socket);
      try {
        const seen = await shakeHands(tap, request, AbortSignal.any([signal, deadline]));
        return { endpoint, address, ...seen };
      } catch (error) {
        throw handshakeFailure(error, { request, what, context, deadline, handshakeTimeoutMs });
      } finally {
        meter.bytes(tap.receivedBytes());
        tap.stream.destroy();
      }
    },
  };
}

async function shakeHands(
  tap: ReturnType<typeof tapStream>,
  request: Request,
  stop: AbortSignal,
): Promise<Omit<TlsHandshake, "endpoint" | "address">> {
  const serverName = request.serverName ?? request.host;
  const started = performance.now();
  let handshakeSecret: Buffer | undefined;
  const socket = connect({
    socket: tap.stream,
    ...(isIP(serverName) ? {} : { servername: serverName }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(serverName, certificate),
    rejectUnauthorized: false,
    ca: [...systemRoots(), ...(request.extraRootsPem ? [request.extraRootsPem] : [])],
    allowPartialTrustChain: request.extraRootsPem !== undefined,
    // Weak protocols and keys are let in: they are what a check wants to see.
    minVersion: "TLSv1",
    ciphers: "DEFAULT:@SECLEVEL=0",
  });
  socket.on("keylog", (line: Buffer) => {
    const [label, , secret] = line.toString("latin1").trim().split(" ");
    if (label === "SERVER_HANDSHAKE_TRAFFIC_SECRET" && secret) handshakeSecret = Buffer.from(secret, "hex");
  });
  await secured(socket, stop);
  const handshakeMs = Math.round((performance.now() - started) * 10) / 10;
  const cipher = socket.getCipher();
  const fromWire = sentCertificates(
    tap.received(),
    handshakeSecret ? { secret: handshakeSecret, cipher: cipher.standardName } : null,
  );
  const linked = linkedChain(socket);
  const verifyError = verifyErrorOf(socket);
  const isTrusted = verifyError === null || verifyError === "ERR_TLS_CERT_ALTNAME_INVALID";
  return {
    serverName,
    protocol: socket.getProtocol() ?? "",
    cipher: cipher.standardName,
    sent: (fromWire ?? linked).map((der) => der.toString("base64")),
    ...(fromWire ? {} : { sentIsReconstructed: true as const }),
    verifiedChain: isTrusted ? linked.map((der) => der.toString("base64")) : null,
    verifyError,
    handshakeMs,
  };
}

function secured(socket: TLSSocket, stop: AbortSignal): Promise<void> {
  return new Promise((fulfil, reject) => {
    const settle = (finish: () => void) => {
      stop.removeEventListener("abort", abort);
      finish();
    };
    const abort = () => settle(() => reject(stop.reason));
    if (stop.aborted) abort();
    stop.addEventListener("abort", abort, { once: true });
    socket.once("secureConnect", () => settle(fulfil));
    // Stays for good: an alert that comes after the handshake is no concern of ours.
    socket.on("error", (error) => settle(() => reject(error)));
    socket.once("close", () => settle(() => reject(new Error("closed during the handshake"))));
  });
}

function verifyErrorOf(socket: TLSSocket): string | null {
  if (socket.authorized) return null;
  const error: unknown = socket.authorizationError;
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return String(error);
}

/** Leaf to root, as the verifier links them: each certificate's issuer, from what was sent or from the roots. */
function linkedChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let current: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (current?.raw && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    chain.push(current.raw);
    current = current.issuerCertificate;
  }
  return chain;
}

function handshakeFailure(
  error: unknown,
  at: {
    request: Request;
    what: string;
    context: ReadContext;
    deadline: AbortSignal;
    handshakeTimeoutMs: number;
  },
): ReadError {
  at.context.signal.throwIfAborted();
  if (error instanceof ReadError) return error;
  if (at.deadline.aborted) {
    const sentence = `the TLS handshake did not end within ${at.handshakeTimeoutMs} ms`;
    return readError("timed-out", at.what, "tls-timeout", sentence, error);
  }
  const serverName = at.request.serverName ?? at.request.host;
  const known = tlsFailure(error, {
    what: at.what,
    serverName,
    hasCa: at.request.extraRootsPem !== undefined,
  });
  const sentence = "the connection was closed during the TLS handshake";
  return known ?? readError("unreachable", at.what, "tls-closed", sentence, error);
}
