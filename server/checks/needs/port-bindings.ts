import type { Binding } from "./published-ports.ts";

const key = ({ port, ip, hostPort }: Binding) => JSON.stringify([port, isAny(ip) ? "" : ip, hostPort]);
const isAny = (ip: string) => ip === "" || ip === "0.0.0.0" || ip === "::";

/** The same places, in whatever order. */
export function sameConfiguration(one: readonly Binding[], other: readonly Binding[]): boolean {
  const keys = (bindings: readonly Binding[]) => [...new Set(bindings.map(key))].sort().join();
  return keys(one) === keys(other);
}

function holds(configured: Binding, published: Binding): boolean {
  if (configured.port !== published.port) return false;
  // No address means the engine's default, which may be set to a single one.
  if (
    configured.ip !== "" &&
    configured.ip !== published.ip &&
    !(isAny(configured.ip) && isAny(published.ip))
  )
    return false;
  if (configured.hostPort === "" || configured.hostPort === "0") return published.hostPort !== "";
  const [first = 0, last = first] = configured.hostPort.split("-").map(Number);
  return first <= Number(published.hostPort) && Number(published.hostPort) <= last;
}

export function unmatched(
  configured: readonly Binding[],
  published: readonly Binding[],
): { missing: Binding[]; extra: Binding[] } {
  return {
    missing: configured.filter((one) => !published.some((other) => holds(one, other))),
    extra: published.filter((one) => !configured.some((other) => holds(other, one))),
  };
}

/** Two fixed places that cannot both be taken: the same port and protocol, and an address in common. */
export function clashes(one: Binding, other: Binding): boolean {
  const protocol = ({ port }: Binding) => port.split("/")[1] ?? "tcp";
  if (!/^[1-9]\d*$/.test(one.hostPort) || one.hostPort !== other.hostPort) return false;
  return protocol(one) === protocol(other) && (one.ip === other.ip || isAny(one.ip) || isAny(other.ip));
}
