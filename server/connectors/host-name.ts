import { isIPv4 } from "node:net";
import { parseAddress } from "./address.ts";

const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/**
 * Whether a host is a plain DNS name or an address in its usual spelling. Anything that some resolver or URL parser
 * would read as an address in disguise (0x7f.1, 2130706433, 0177.0.0.1, 127.1) is neither.
 */
export function isPlainHost(host: string): boolean {
  if (host.includes(":") || isIPv4(host)) return parseAddress(host) !== null;
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  if (host.length > 253 || !labels.every((part) => label.test(part))) return false;
  return !/^(\d+|0x[0-9a-f]*)$/i.test(last);
}
