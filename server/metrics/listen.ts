import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { contentTypes, exposition, type Format, type Metric } from "./exposition.ts";

export type MetricsServer = { port: number; close(): Promise<void> };

/**
 * Answers GET /metrics on a port of its own. With a token only who sends it is answered; without one nobody who came by
 * a name, since a page of a stranger may have made that name mean this machine.
 */
export async function listenForScrapes(options: {
  host: string;
  /** 0: any that is free */
  port: number;
  token: string | null;
  read: () => Promise<Metric[]>;
  onError: (error: unknown) => void;
}): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const refused = refusal(request, options);
    if (refused !== null) {
      const challenge = refused === 401 ? { "www-authenticate": 'Bearer realm="weekbook"' } : {};
      return void response.writeHead(refused, challenge).end();
    }
    const format = formatFor(request.headers.accept ?? "");
    options
      .read()
      .then((metrics) => exposition(metrics, format))
      .then((text) => response.writeHead(200, { "content-type": contentTypes[format] }).end(text))
      .catch((error: unknown) => {
        options.onError(error);
        response.writeHead(500).end();
      });
  });
  server.maxConnections = 20;
  server.listen(options.port, options.host);
  await once(server, "listening");
  server.on("error", options.onError);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function refusal(request: IncomingMessage, { token }: { token: string | null }): number | null {
  if (token !== null && !isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return 401;
  if (token === null && !isAddress(request.headers.host ?? "")) return 403;
  if (request.url?.split("?")[0] !== "/metrics") return 404;
  return request.method === "GET" || request.method === "HEAD" ? null : 405;
}

function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

function isAddress(host: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || isIP(name) !== 0;
}

/** Prometheus asks for OpenMetrics where it can read it. */
function formatFor(accept: string): Format {
  return accept.includes("application/openmetrics-text") ? "openmetrics" : "prometheus";
}
