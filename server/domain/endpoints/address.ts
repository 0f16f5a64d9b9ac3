import { isPlainHost } from "#server/connectors/host-name.ts";

export type HostPort = { host: string; port: number };

/** "host", "host:port" or "[2001:db8::1]:port" in its usual spelling; null for anything else. */
export function parseHostPort(text: string, defaultPort: number): HostPort | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/@\s]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2] ?? "";
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  const isBracketed = match?.[1] !== undefined;
  if (!match || !isPlainHost(host) || isBracketed !== host.includes(":")) return null;
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}

/** Up to ten of them, with commas in between. */
export function parseHostPorts(text: string, defaultPort: number): HostPort[] | null {
  const parts = text.split(",").map((part) => parseHostPort(part, defaultPort));
  const good = parts.filter((part) => part !== null);
  return good.length === parts.length && good.length > 0 && good.length <= 10 ? good : null;
}

/**
 * An http or https address without user, query or fragment, its host spelled plainly: what a URL parser would quietly
 * turn into another host is refused.
 */
export function parseBaseUrl(text: string): URL | null {
  const match = /^https?:\/\/([^/?#@\s\\]+)(\/[^?#\s\\]*)?$/i.exec(text.trim());
  if (!match || !parseHostPort(match[1] ?? "", 80) || !URL.canParse(text.trim())) return null;
  return new URL(text.trim());
}

export function formatHostPort({ host, port }: HostPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
