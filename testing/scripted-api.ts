import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "node:tls";

export type ScriptedRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  url: string;
  headers: IncomingMessage["headers"];
  body: unknown;
};

/** A recorded exchange, as the files under server/connectors/kubernetes/recordings hold it. */
export type Recording = { status: number; headers?: Record<string, string>; body: unknown };

/** Answers a request, or takes the response into its own hands and returns nothing. */
export type Script = (
  request: ScriptedRequest,
  response: ServerResponse,
) => Recording | undefined | Promise<Recording | undefined>;

export type ScriptedApi = { port: number; requests: ScriptedRequest[]; close(): Promise<void> };

/** An HTTPS server on loopback that answers as the script says, for tests of what speaks to an API server. */
export async function startScriptedApi(tls: TlsOptions, script: Script): Promise<ScriptedApi> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(tls, async (incoming, response) => {
    const url = new URL(incoming.url ?? "/", "https://scripted");
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request: ScriptedRequest = {
      method: incoming.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      url: incoming.url ?? "",
      headers: incoming.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    requests.push(request);
    const answer = await script(request, response);
    if (!answer) return;
    const isText = typeof answer.body === "string";
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((fulfil) => server.listen(0, "127.0.0.1", fulfil));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((fulfil) => {
        server.close(() => fulfil());
        server.closeAllConnections();
      }),
  };
}

export function readRecording(name: string): Recording {
  const file = new URL(`../server/connectors/kubernetes/recordings/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}
