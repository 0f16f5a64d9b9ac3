import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";
import { headerOf } from "./headers.ts";
import type { OpenConnection } from "./open-connection.ts";
import { readBody } from "./read-body.ts";
import type { Sender } from "./send-http1.ts";

const maxHeaderBytes = 64 << 10;
const maxHeaders = 200;

/** HTTP/2 over a connection that agreed to it; one message after the other. */
export function http2Over(connection: OpenConnection, origin: string): Sender {
  const session = connect(origin, {
    createConnection: () => connection.socket,
    maxHeaderListPairs: maxHeaders,
    settings: { enablePush: false, maxHeaderListSize: maxHeaderBytes },
  });
  let failure: unknown;
  session.on("error", (error) => {
    failure = error;
  });
  return {
    async send({ method, url, headers, body, maxBodyBytes }, stop) {
      const sentAt = performance.now();
      const stream = session.request(
        { ":method": method, ":path": `${url.pathname}${url.search}`, ...headers },
        { signal: stop, endStream: body === undefined },
      );
      if (body) stream.end(body);
      const answer = await new Promise<IncomingHttpHeaders & IncomingHttpStatusHeader>((fulfil, reject) => {
        stream.on("error", reject).once("response", fulfil);
        stream.once("close", () => reject(failure ?? new Error("the stream was closed without an answer")));
      });
      const firstByteAt = performance.now();
      const pairs = pairsOf(answer);
      const encoding = headerOf(pairs, "content-encoding");
      const read = await readBody(stream, { maxBytes: maxBodyBytes, encoding });
      const status = Number(answer[":status"] ?? 0);
      return { status, httpVersion: "2", headers: pairs, sentAt, firstByteAt, ...read };
    },
    isReusable: () => !session.closed && !session.destroyed,
    close: () => session.destroy(),
  };
}

function pairsOf(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(":"))
    .flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each]));
}
