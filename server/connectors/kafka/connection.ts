import type { Socket } from "node:net";
import type { Meter } from "../connector.ts";
import { type Dialler, type Endpoint, raceAbort } from "../dialler.ts";
import { readError } from "../read-error.ts";
import { openStream, type StreamTrust } from "../secure-stream.ts";
import type { Message } from "./messages.ts";
import { WireError, WireReader, WireWriter } from "./wire.ts";

export type BrokerConnection = {
  readonly place: string;
  send<Request, Response>(message: Message<Request, Response>, request: Request): Promise<Response>;
  close(): void;
};

export type ConnectionOptions = {
  dialler: Dialler;
  trust: StreamTrust | undefined;
  connectTimeoutMs: number;
  maxFrameBytes: number;
  signal: AbortSignal;
  meter: Meter;
};

/** One broker, one request at a time, each answer read whole and within bounds. */
export async function connectBroker(
  endpoint: Endpoint,
  options: ConnectionOptions,
): Promise<BrokerConnection> {
  const { signal, meter } = options;
  const place = `${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  const socket = await openStream({
    ...{ dialler: options.dialler, endpoint, trust: options.trust, signal },
    ...{ timeoutMs: options.connectTimeoutMs, what: `connect to ${place}` },
  });
  let correlation = 0;
  return {
    place,
    async send(message, request) {
      const what = `ask ${place} for ${message.name}`;
      const id = ++correlation;
      const writer = new WireWriter().int16(message.key).int16(message.version).int32(id).string("weekbook");
      message.write(writer, request);
      meter.call();
      const frame = receiveFrame(socket, { maxBytes: options.maxFrameBytes, what, meter });
      socket.write(new WireWriter().bytes(writer.done()).done());
      const bytes = await raceAbort(frame, signal).catch((error: unknown) => {
        socket.destroy();
        throw error;
      });
      try {
        const reader = new WireReader(bytes);
        if (reader.int32() !== id) throw new WireError("the answer belongs to another request");
        return message.read(reader);
      } catch (error) {
        socket.destroy();
        if (!(error instanceof WireError)) throw error;
        throw readError("malformed", what, "not-kafka", error.message, error);
      }
    },
    close: () => void socket.destroy(),
  };
}

/** The next length-prefixed answer. A length beyond the limit is not waited for. */
function receiveFrame(
  socket: Socket,
  { maxBytes, what, meter }: { maxBytes: number; what: string; meter: Meter },
): Promise<Buffer> {
  return new Promise((fulfil, reject) => {
    const chunks: Buffer[] = [];
    let total = 0;
    let length: number | undefined;
    const settle = (finish: () => void) => {
      socket.off("data", onData).off("error", onError).off("close", onClose);
      finish();
    };
    const fail = (token: string, sentence: string, cause?: unknown) =>
      settle(() => {
        socket.destroy();
        const code =
          token === "connection-cut" ? "unreachable" : token === "not-kafka" ? "malformed" : "truncated";
        reject(readError(code, what, token, sentence, cause));
      });
    const onError = (error: unknown) => fail("connection-cut", "the connection broke", error);
    const onClose = () => fail("connection-cut", "the broker closed the connection without an answer");
    const onData = (chunk: Buffer) => {
      meter.bytes(chunk.length);
      chunks.push(chunk);
      total += chunk.length;
      if (total < 4) return;
      length ??= Buffer.concat(chunks, total).readInt32BE(0);
      // "HTTP" and a TLS alert read as lengths as well, and far larger ones than any answer.
      if (length < 4 || length > 0x1000_0000) {
        fail("not-kafka", "the answer is not that of a Kafka broker");
      } else if (length > maxBytes) {
        fail("answer-too-large", `the answer is larger than ${maxBytes >> 20} MiB`);
      } else if (total > 4 + length) {
        fail("not-kafka", "more was sent than was asked for");
      } else if (total === 4 + length) {
        settle(() => fulfil(Buffer.concat(chunks, total).subarray(4)));
      }
    };
    socket.on("data", onData).on("error", onError).on("close", onClose);
    if (socket.destroyed) onClose();
  });
}
