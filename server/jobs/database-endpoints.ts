import type { Endpoint } from "../connectors/dialler.ts";

const DEFAULT_PORT = 5_432;

/** Where our own database listens: a place no check may ever be pointed at. A Unix socket is no such place. */
export function databaseEndpoints(databaseUrl: string): Endpoint[] {
  const url = new URL(databaseUrl);
  const port = Number(url.searchParams.get("port") ?? (url.port || DEFAULT_PORT));
  const hosts = [url.searchParams.get("host"), url.hostname];
  return hosts
    .flatMap((host) => host?.split(",") ?? [])
    .map((host) => decodeURIComponent(host).replace(/^\[|\]$/g, ""))
    .filter((host) => host !== "" && !host.startsWith("/"))
    .map((host) => ({ host, port }));
}
