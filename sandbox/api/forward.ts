import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The server's side of a port-forward over WebSocket, as a real kubelet's: channel 0 is data, channel 1 errors. */

export const protocol = "v4.channel.k8s.io";
const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const [data, errors] = [0, 1];

export function acceptForward(
  request: IncomingMessage,
  socket: Duplex,
  { port, listens }: { port: number; listens: boolean },
): void {
  const key = String(request.headers["sec-websocket-key"] ?? "");
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      "\r\n",
    ].join("\r\n"),
  );
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16LE(port);
  for (const channel of [data, errors]) socket.write(frame(channel, portBytes));
  if (!listens) {
    const text = `error forwarding port ${port}: failed to connect to localhost:${port} inside namespace, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
    socket.write(frame(errors, Buffer.from(text)));
    close(socket);
    return;
  }
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let message = readMasked(rest); message; message = readMasked(rest)) {
      rest = rest.subarray(message.bytes);
      if (message.opcode === 8) close(socket);
      else if (message.payload[0] === data) answer(socket, message.payload.subarray(1).toString("latin1"));
    }
  });
}

/** A small web server; whatever is no HTTP is sent back as it came. */
function answer(socket: Duplex, text: string): void {
  const isHttp = /^(GET|HEAD) \S+ HTTP\/1\.[01]\r\n/.test(text);
  const body = isHttp ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n" : text;
  socket.write(frame(data, Buffer.from(body, "latin1")));
  if (isHttp) close(socket);
}

function close(socket: Duplex): void {
  socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]));
}

function frame(channel: number, payload: Buffer): Buffer {
  const length = payload.length + 1;
  const head = length < 126 ? [0x82, length] : [0x82, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...head, channel]), payload]);
}

/** One masked frame, as clients send them; undefined where it has not wholly come. */
function readMasked(from: Buffer): { opcode: number; payload: Buffer; bytes: number } | undefined {
  const [first = 0, second = 0] = from;
  const short = second & 0x7f;
  const start = (short === 126 ? 4 : 2) + 4;
  if (from.length < start) return undefined;
  const length = short === 126 ? from.readUInt16BE(2) : short;
  if (from.length < start + length) return undefined;
  const mask = from.subarray(start - 4, start);
  const masked = from.subarray(start, start + length);
  const payload = Buffer.from(masked.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: first & 0x0f, payload, bytes: start + length };
}
