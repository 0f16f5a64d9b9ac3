import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { ReadError } from "../connector.ts";
import type { Dialler, Endpoint } from "../dialler.ts";
import { readError } from "../read-error.ts";
import { tlsFailure } from "../tls-failure.ts";
import type { KubernetesAccess } from "./access.ts";

/** What messages about a connection name. */
export type Place = { what: string; serverName: string; hasCa: boolean };

/** A verified TLS connection to the API server. Rejects with ReadError, or with the signal's reason. */
export async function openSecureSocket(
  access: KubernetesAccess,
  endpoint: Endpoint,
  options: { dialler: Dialler; timeoutMs: number; signal: AbortSignal; place: Place },
): Promise<TLSSocket> {
  const { dialler, timeoutMs, signal, place } = options;
  const started = performance.now();
  const socket = await dialler.connect(endpoint, { signal, timeoutMs });
  const leftMs = Math.max(1, Math.floor(timeoutMs - (performance.now() - started)));
  const stop = AbortSignal.any([signal, AbortSignal.timeout(leftMs)]);
  try {
    return await handshake(connect({ ...tlsOptions(access, place.serverName), socket }), stop);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReadError) throw error;
    if (stop.aborted) {
      throw readError("timed-out", place.what, "tls-timeout", "the TLS handshake did not end in time", error);
    }
    const sentence = "the connection was closed during the TLS handshake";
    throw tlsFailure(error, place) ?? readError("unreachable", place.what, "tls-closed", sentence, error);
  }
}

function tlsOptions(access: KubernetesAccess, serverName: string): ConnectionOptions {
  const { auth, caPem } = access;
  return {
    ...(isIP(serverName) ? {} : { servername: serverName }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(serverName, certificate),
    ca: caPem,
    // As every other Kubernetes client: whatever the CA data names is trusted, be it a root or not.
    allowPartialTrustChain: caPem !== undefined,
    ALPNProtocols: ["http/1.1"],
    minVersion: "TLSv1.2",
    ...(auth.type === "client-certificate" ? { cert: auth.certificatePem, key: auth.keyPem } : {}),
  };
}

function handshake(socket: TLSSocket, stop: AbortSignal): Promise<TLSSocket> {
  return new Promise((fulfil, reject) => {
    const fail = (error: unknown) => {
      stop.removeEventListener("abort", abort);
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      stop.removeEventListener("abort", abort);
      socket.removeListener("error", fail);
      fulfil(socket);
    });
  });
}
