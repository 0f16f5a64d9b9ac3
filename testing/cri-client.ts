import { connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";

/** Fields of a protobuf message by their numbers: text, a number, a message, or several of these. */
export type Message = { [field: number]: string | number | Message | readonly (string | Message)[] };

/** One call of the runtime's API for the kubelet, over its socket: what it answers, field by field, texts alone. */
export async function callRuntime(
  socket: string,
  method: string,
  request: Message,
): Promise<Map<number, string>> {
  const session = connect("http://localhost", { createConnection: () => connectSocket(socket) });
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: `/runtime.v1.RuntimeService/${method}`,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      te: "trailers",
    });
    const body = encode(request);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([head, body]));
    const trailers: Record<string, unknown> = {};
    stream.on("response", (headers) => Object.assign(trailers, headers));
    stream.on("trailers", (headers) => Object.assign(trailers, headers));
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (trailers["grpc-status"] !== "0") {
      throw new Error(`${method}: ${decodeURIComponent(String(trailers["grpc-message"] ?? "no answer"))}`);
    }
    return texts(Buffer.concat(chunks).subarray(5));
  } finally {
    session.close();
  }
}

function encode(message: Message): Buffer {
  const parts = Object.entries(message).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one: string | number | Message) => {
      if (typeof one === "number") return [varint(Number(field) << 3), varint(one)];
      const content = typeof one === "string" ? Buffer.from(one) : encode(one);
      return [varint((Number(field) << 3) | 2), varint(content.length), content];
    }),
  );
  return Buffer.concat(parts);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** Answers that are read here hold one text each, such as the identifier of what was made. */
function texts(content: Buffer): Map<number, string> {
  const found = new Map<number, string>();
  const [key = 0, length = 0] = content;
  if ((key & 7) === 2 && length < 128) found.set(key >> 3, content.subarray(2, 2 + length).toString());
  return found;
}
