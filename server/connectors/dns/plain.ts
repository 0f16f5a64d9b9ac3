import { randomInt } from "node:crypto";
import type { Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import type { DnsAnswer } from "../../checks/needs/endpoint-requests.ts";
import { type ReadContext, ReadError } from "../connector.ts";
import type { Dialler, Endpoint } from "../dialler.ts";
import { readError, systemCode } from "../read-error.ts";
import { type DecodedAnswer, decodeAnswer, encodeQuestion, type Question } from "./wire.ts";

export type PlainOptions = { dialler: Dialler; connectTimeoutMs: number; answerTimeoutMs: number };
type Asking = Question & { what: string };

const maxStrayMessages = 100;
const attempts = 2;

/** Over UDP, and once more over TCP when the answer did not fit. */
export async function askUdp(
  question: Asking,
  endpoint: Endpoint,
  { options, context }: { options: PlainOptions; context: ReadContext },
): Promise<DnsAnswer> {
  const started = performance.now();
  const dialled = { signal: context.signal, timeoutMs: options.connectTimeoutMs };
  const socket = await options.dialler.datagram(endpoint, dialled);
  const { address, port } = socket.remoteAddress();
  try {
    const answer = await askAgain(socket, question, { options, context });
    if (!answer.truncated) {
      return { server: shownAt(address, port), transport: "udp", ...answer, ms: performance.now() - started };
    }
  } finally {
    socket.close();
  }
  // The address that answered, not the name: another look-up might lead elsewhere.
  const whole = await askTcp(question, { host: address, port }, { options, context });
  return { ...whole, ms: performance.now() - started };
}

/** A lost datagram is normal; a second one is not. */
async function askAgain(
  socket: DatagramSocket,
  question: Asking,
  { options, context }: { options: PlainOptions; context: ReadContext },
): Promise<DecodedAnswer> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const timeout = AbortSignal.timeout(options.answerTimeoutMs);
    const id = randomInt(65_536);
    context.meter.call();
    const answer = await received(socket, {
      send: encodeQuestion(question, id),
      accept: (message) => {
        context.meter.bytes(message.length);
        return decodeAnswer(message, question, id);
      },
      stop: AbortSignal.any([context.signal, timeout]),
    }).catch((error: unknown) => {
      context.signal.throwIfAborted();
      if (timeout.aborted) return undefined;
      if (error instanceof ReadError) throw error;
      const refused = systemCode(error) === "ECONNREFUSED";
      const [token, sentence] = refused
        ? ["connection-refused", "nothing listens at this address and port"]
        : ["connection-failed", `the question could not be sent (${systemCode(error) ?? "unknown error"})`];
      throw readError("unreachable", question.what, token, sentence, error);
    });
    if (answer) return answer;
  }
  const sentence = `no answer within ${options.answerTimeoutMs} ms, asked ${attempts} times`;
  throw readError("timed-out", question.what, "dns-timeout", sentence);
}

/** The first message that `accept` takes. The others are strays or forgeries, of which there must not be many. */
function received(
  socket: DatagramSocket,
  at: { send: Buffer; accept: (message: Buffer) => DecodedAnswer | undefined; stop: AbortSignal },
): Promise<DecodedAnswer> {
  return new Promise((fulfil, reject) => {
    let strays = 0;
    const settle = (finish: () => void) => {
      at.stop.removeEventListener("abort", abort);
      socket.removeListener("message", hear).removeListener("error", fail);
      finish();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const abort = () => fail(at.stop.reason);
    const hear = (message: Buffer) => {
      const answer = at.accept(message);
      if (answer) return settle(() => fulfil(answer));
      strays += 1;
      if (strays > maxStrayMessages) fail(malformed("the server"));
    };
    if (at.stop.aborted) return abort();
    at.stop.addEventListener("abort", abort, { once: true });
    socket.on("message", hear).on("error", fail);
    socket.send(at.send, (error) => error && fail(error));
  });
}

export async function askTcp(
  question: Asking,
  endpoint: Endpoint,
  { options, context }: { options: PlainOptions; context: ReadContext },
): Promise<DnsAnswer> {
  const started = performance.now();
  const dialled = { signal: context.signal, timeoutMs: options.connectTimeoutMs };
  context.meter.call();
  const socket = await options.dialler.connect(endpoint, dialled);
  const server = shownAt(socket.remoteAddress ?? "", socket.remotePort ?? endpoint.port);
  const timeout = AbortSignal.timeout(options.answerTimeoutMs);
  try {
    const id = randomInt(65_536);
    const stop = AbortSignal.any([context.signal, timeout]);
    const message = await exchangeFrames(socket, encodeQuestion(question, id), stop);
    context.meter.bytes(message.length + 2);
    const answer = decodeAnswer(message, question, id);
    if (!answer) throw malformed(question.what);
    return { server, transport: "tcp", ...answer, ms: performance.now() - started };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ReadError) throw error;
    if (timeout.aborted) {
      const sentence = `no whole answer within ${options.answerTimeoutMs} ms`;
      throw readError("timed-out", question.what, "dns-timeout", sentence, error);
    }
    const sentence = "the connection was closed before the whole answer was read";
    throw readError("unreachable", question.what, "connection-cut", sentence, error);
  } finally {
    socket.destroy();
  }
}

/** Each message has its length before it: two bytes, so that none is larger than 64 KiB. */
function exchangeFrames(socket: Socket, question: Buffer, stop: AbortSignal): Promise<Buffer> {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(question.length);
  return new Promise((fulfil, reject) => {
    let buffered = Buffer.alloc(0);
    const abort = () => reject(stop.reason);
    if (stop.aborted) return abort();
    stop.addEventListener("abort", abort, { once: true });
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("closed")));
    socket.on("data", (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      if (buffered.length < 2) return;
      const end = 2 + buffered.readUInt16BE(0);
      if (buffered.length >= end) fulfil(buffered.subarray(2, end));
    });
    socket.write(Buffer.concat([length, question]));
  });
}

function malformed(what: string): ReadError {
  return readError("malformed", what, "not-dns", "what came is no answer to the question");
}

function shownAt(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
