import type ipaddr from "ipaddr.js";
import type { ReadError } from "./connector.ts";
import type { Endpoint } from "./dialler.ts";
import { readError, systemCode } from "./read-error.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export function whatOf({ host, port }: Endpoint): string {
  return `connect to ${host.includes(":") ? `[${host}]` : host}:${port}`;
}

export function connectFailure(endpoint: Endpoint, error: unknown): ReadError {
  const code = systemCode(error);
  const [token, sentence] =
    code === "ECONNREFUSED"
      ? ["connection-refused", "nothing listens at this address and port"]
      : code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "EADDRNOTAVAIL"
        ? ["no-route", "this machine has no way to the address"]
        : ["connection-failed", `the connection could not be made (${code ?? "unknown error"})`];
  return readError("unreachable", whatOf(endpoint), token, sentence, error);
}

const refusals = {
  "not-a-host":
    "this is neither a plain host name nor an address in its usual spelling; write the name, or the address as in 10.1.2.3 or 2001:db8::1",
  "not-a-port": "the port has to be a whole number from 1 to 65535",
  "own-database": "this is where Weekbook's own database listens; it is never connected to as a target",
  metadata: "metadata addresses of cloud machines hand out credentials and are never connected to",
  "link-local": "link-local addresses are never connected to; use the target's routable address",
  reserved: "reserved, multicast and translated addresses are never connected to",
  loopback: "loopback addresses are closed; an administrator can open them in WEEKBOOK_ALLOWED_RANGES",
  private: "private addresses are closed; an administrator can open them in WEEKBOOK_ALLOWED_RANGES",
  public: "",
} as const;

export function refuse(
  endpoint: Endpoint,
  address: Address | undefined,
  why: keyof typeof refusals,
): ReadError {
  const where = address && address.toString() !== endpoint.host ? `${address} – ` : "";
  return readError("refused-address", whatOf(endpoint), `${why}-address`, `${where}${refusals[why]}`);
}
