import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export type ScriptedHttp = AsyncDisposable & {
  port: number;
  requests: { method: string; url: string; headers: IncomingMessage["headers"] }[];
};

/** An HTTP server on loopback that answers as a test says and notes what it was asked. */
export async function scriptedHttp(
  script: RequestListener,
  options: { tls?: { chainPem: string; keyPem: string }; host?: string; port?: number } = {},
): Promise<ScriptedHttp> {
  const requests: ScriptedHttp["requests"] = [];
  const listener: RequestListener = (request, response) => {
    requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    script(request, response);
  };
  const { tls } = options;
  const server = tls
    ? createTlsServer({ cert: tls.chainPem, key: tls.keyPem }, listener)
    : createServer(listener);
  server.on("tlsClientError", () => undefined);
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
