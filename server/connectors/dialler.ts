import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import type ipaddr from "ipaddr.js";
import { classify, isWithin, parseAddress, ranges } from "./address.ts";
import { ReadError } from "./connector.ts";
import { connectFailure, refuse, whatOf } from "./dial-failure.ts";
import { isPlainHost } from "./host-name.ts";
import { ownAddresses } from "./own-addresses.ts";
import { readError, systemCode } from "./read-error.ts";

export type Endpoint = { host: string; port: number };
export type Resolve = (host: string) => Promise<string[]>;

export type DialOptions = {
  signal: AbortSignal;
  timeoutMs: number;
  /** the name has its addresses and they may be connected to, which is what comes next */
  onAdmitted?: () => void;
};

/** The only way out: every protocol gets its connection here. IPv6 hosts come without brackets. */
export type Dialler = {
  connect(endpoint: Endpoint, options: DialOptions): Promise<Socket>;
  /** A UDP socket that sends to the first admitted address alone, and hears from nobody else. */
  datagram(endpoint: Endpoint, options: DialOptions): Promise<DatagramSocket>;
  /** Judges what somebody else is to connect to for us: all of it but what a name means over there. */
  vet(endpoint: Endpoint): Promise<void>;
};

export type DiallerOptions = {
  /** CIDRs an administrator opens; loopback and private addresses are refused outside them */
  allowedRanges: readonly string[];
  /** where our own database listens: refused whatever the ranges say */
  forbidden: readonly Endpoint[];
  resolve?: Resolve;
};

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** `judged` is where `text` leads to: the IPv4 address inside a translated one. */
type Candidate = { text: string; judged: Address };

/** Names are resolved once; the addresses that were checked are the ones connected to. */
export function createDialler(options: DiallerOptions): Dialler {
  const allowed = ranges(options.allowedRanges);
  const resolve = options.resolve ?? systemResolve;

  const isOwnName = (endpoint: Endpoint) =>
    options.forbidden.some(
      ({ host, port }) => port === endpoint.port && host.toLowerCase() === endpoint.host.toLowerCase(),
    );

  async function admit(endpoint: Endpoint): Promise<Candidate[]> {
    const resolved = await resolveHost(resolve, endpoint);
    const own = await ownAddresses(options.forbidden, resolve, endpoint.port);
    const sameName = isOwnName(endpoint);
    const admitted: Candidate[] = [];
    let refusal: ReadError | undefined;
    for (const candidate of resolved) {
      const address = candidate.judged;
      if (sameName || own.has(address.toString())) throw refuse(endpoint, address, "own-database");
      const kind = classify(address);
      if (kind === "public" || ((kind === "loopback" || kind === "private") && isWithin(address, allowed))) {
        admitted.push(candidate);
        continue;
      }
      refusal = refuse(endpoint, address, kind);
      // A name that also leads to a place nobody may open is a trap; one that is merely closed may have a way in.
      if (kind !== "loopback" && kind !== "private") throw refusal;
    }
    if (admitted.length === 0 && refusal) throw refusal;
    return admitted;
  }

  async function dial<T>(
    endpoint: Endpoint,
    { signal, timeoutMs, onAdmitted }: DialOptions,
    open: (candidates: Candidate[], stop: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    checkForm(endpoint);
    const deadline = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([signal, deadline]);
    try {
      const candidates = await raceAbort(admit(endpoint), stop);
      onAdmitted?.();
      return await open(candidates, stop);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ReadError) throw error;
      const what = whatOf(endpoint);
      if (deadline.aborted) {
        const sentence = `no connection within ${timeoutMs} ms; a firewall may be dropping the packets`;
        throw readError("timed-out", what, "connect-timeout", sentence, error);
      }
      throw connectFailure(endpoint, error);
    }
  }

  return {
    connect: (endpoint, options) =>
      dial(endpoint, options, (candidates, stop) =>
        connectFirst(endpoint, candidates, { stop, timeoutMs: options.timeoutMs }),
      ),
    async vet(endpoint) {
      checkForm(endpoint);
      if (parseAddress(endpoint.host)) await admit(endpoint);
      else if (isOwnName(endpoint)) throw refuse(endpoint, undefined, "own-database");
    },
    datagram: (endpoint, options) =>
      dial(endpoint, options, async ([first]) => {
        if (!first) throw refuse(endpoint, undefined, "not-a-host");
        return await openDatagram(endpoint, first);
      }),
  };
}

function checkForm(endpoint: Endpoint): void {
  if (!isPlainHost(endpoint.host)) throw refuse(endpoint, undefined, "not-a-host");
  if (!Number.isInteger(endpoint.port) || endpoint.port < 1 || endpoint.port > 65_535) {
    throw refuse(endpoint, undefined, "not-a-port");
  }
}

async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

async function resolveHost(resolve: Resolve, endpoint: Endpoint): Promise<Candidate[]> {
  const literal = parseAddress(endpoint.host);
  if (literal) return [{ text: endpoint.host, judged: literal }];
  const answers = await resolve(endpoint.host).catch((error: unknown) => {
    const temporary = systemCode(error) === "EAI_AGAIN" ? " (the name server does not answer)" : "";
    const sentence = `the name ${endpoint.host} could not be resolved${temporary}`;
    throw readError("unreachable", whatOf(endpoint), "name-not-found", sentence, error);
  });
  if (answers.length === 0) {
    const sentence = `the name ${endpoint.host} has no address`;
    throw readError("unreachable", whatOf(endpoint), "name-not-found", sentence);
  }
  return answers.map((answer) => {
    const judged = parseAddress(answer);
    if (!judged) throw refuse(endpoint, undefined, "not-a-host");
    return { text: answer, judged };
  });
}

/** One after the other; each but the last gets its share of the time, so that a dead one does not eat it all. */
async function connectFirst(
  endpoint: Endpoint,
  candidates: Candidate[],
  { stop, timeoutMs }: { stop: AbortSignal; timeoutMs: number },
): Promise<Socket> {
  let failure: unknown;
  for (const [index, { text, judged }] of candidates.entries()) {
    const isLast = index === candidates.length - 1;
    const share = AbortSignal.timeout(Math.ceil(timeoutMs / candidates.length));
    try {
      const socket = await open(text, endpoint.port, isLast ? stop : AbortSignal.any([stop, share]));
      const reached = parseAddress(socket.remoteAddress ?? "");
      if (reached?.toString() === judged.toString()) return socket;
      socket.destroy();
      throw refuse(endpoint, reached ?? undefined, "reserved");
    } catch (error) {
      if (stop.aborted || error instanceof ReadError) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function open(host: string, port: number, stop: AbortSignal): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    if (stop.aborted) return reject(stop.reason);
    const socket = connect({ host, port, autoSelectFamily: false, noDelay: true });
    const settle = (finish: () => void) => {
      stop.removeEventListener("abort", abort);
      socket.removeAllListeners("connect").removeAllListeners("error");
      finish();
    };
    const abort = () => {
      socket.destroy();
      settle(() => reject(stop.reason));
    };
    stop.addEventListener("abort", abort, { once: true });
    socket.once("connect", () => settle(() => fulfil(socket)));
    socket.once("error", (error) => settle(() => reject(error)));
  });
}

function openDatagram(endpoint: Endpoint, { text, judged }: Candidate): Promise<DatagramSocket> {
  return new Promise((fulfil, reject) => {
    const socket = createSocket(text.includes(":") ? "udp6" : "udp4");
    const fail = (error: unknown) => {
      socket.close();
      reject(error);
    };
    socket.once("error", fail);
    socket.connect(endpoint.port, text, () => {
      socket.removeListener("error", fail);
      const reached = parseAddress(socket.remoteAddress().address);
      if (reached?.toString() === judged.toString()) return fulfil(socket);
      fail(refuse(endpoint, reached ?? undefined, "reserved"));
    });
  });
}

/** The promise, or the abort if it comes first. For work that has no signal of its own, such as a name look-up. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((fulfil, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(fulfil, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
