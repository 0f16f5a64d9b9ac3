import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";

/** What comes over an upgraded connection: binary messages, until it closes. */
export type WebSocketLink = {
  send(message: Buffer): void;
  /** the next message; undefined once the other side has closed */
  next(): Promise<Buffer | undefined>;
  close(): void;
};
export type Upgrade =
  | { link: WebSocketLink; protocol: string }
  | { refused: { status: number; text: string; contentType: string } };

const handshakeKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const maxMessageBytes = 1 << 20;
const maxRefusalBytes = 64 << 10;
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Upgrades a connection (RFC 6455). Rejects where what comes back is neither an upgrade nor an answer. */
export function upgrade(
  socket: TLSSocket,
  at: { path: string; host: string; headers: Record<string, string>; protocol: string },
): Promise<Upgrade> {
  const key = randomBytes(16).toString("base64");
  return new Promise((fulfil, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      path: at.path,
      headers: {
        ...at.headers,
        host: at.host,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": key,
        "sec-websocket-protocol": at.protocol,
      },
    });
    socket.once("close", () => reject(new Error("the connection was closed before it was upgraded")));
    request.once("error", reject);
    request.once("response", (response) => {
      refusalOf(response).then((refused) => fulfil({ refused }), reject);
    });
    request.once("upgrade", (response, upgraded, head) => {
      const accepted = createHash("sha1")
        .update(key + handshakeKey)
        .digest("base64");
      if (response.headers["sec-websocket-accept"] !== accepted) {
        upgraded.destroy();
        reject(new Error("the server accepted another connection than this one"));
        return;
      }
      const protocol = response.headers["sec-websocket-protocol"] ?? "";
      fulfil({ link: linkOver(socket, head), protocol });
    });
    request.end();
  });
}

async function refusalOf(response: IncomingMessage) {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > maxRefusalBytes) break;
  }
  return { status: response.statusCode ?? 0, text, contentType: response.headers["content-type"] ?? "" };
}

function linkOver(socket: TLSSocket, head: Buffer): WebSocketLink {
  const messages: Buffer[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let ended = false;
  let wake = Promise.withResolvers<void>();

  const end = () => {
    ended = true;
    wake.resolve();
  };
  const onFrame = ({ opcode, isFinal, payload }: Frame) => {
    if (opcode === opcodes.close) end();
    else if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
    else if (opcode <= opcodes.binary) {
      parts.push(payload);
      if (parts.reduce((sum, part) => sum + part.length, 0) > maxMessageBytes) socket.destroy();
      if (!isFinal) return;
      messages.push(Buffer.concat(parts));
      parts = [];
      wake.resolve();
    }
  };
  const onData = (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let read = readFrame(rest); read; read = readFrame(rest)) {
      rest = rest.subarray(read.bytes);
      onFrame(read);
    }
    if (rest.length > maxMessageBytes) socket.destroy();
  };
  socket.on("data", onData).once("close", end).on("error", end);
  if (head.length > 0) onData(head);
  return {
    send: (message) => void socket.write(frame(opcodes.binary, message)),
    async next() {
      for (;;) {
        const message = messages.shift();
        if (message) return message;
        if (ended) return undefined;
        wake = Promise.withResolvers<void>();
        await wake.promise;
      }
    },
    close() {
      socket.end(frame(opcodes.close, Buffer.from([0x03, 0xe8])));
      socket.destroySoon();
    },
  };
}

type Frame = { opcode: number; isFinal: boolean; payload: Buffer; bytes: number };

/** One unmasked frame, as servers send them; undefined where it has not wholly come yet. */
function readFrame(data: Buffer): Frame | undefined {
  const [first, second] = data;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes;
  if (data.length < start) return undefined;
  const length =
    lengthBytes === 8 ? Number(data.readBigUInt64BE(2)) : lengthBytes === 2 ? data.readUInt16BE(2) : short;
  if (data.length < start + length) return undefined;
  const payload = data.subarray(start, start + length);
  return { opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload, bytes: start + length };
}

/** A masked frame, as clients must send them. */
function frame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  const long = Buffer.alloc(2);
  long.writeUInt16BE(payload.length & 0xffff);
  const length = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.from([0xfe, ...long]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, mask, masked]);
}
