import { networkInterfaces } from "node:os";
import { classify, parseAddress } from "./address.ts";
import type { Endpoint, Resolve } from "./dialler.ts";

/** Where our database listens at this port. If that is this machine, then every address of this machine. */
export async function ownAddresses(
  forbidden: readonly Endpoint[],
  resolve: Resolve,
  port: number,
): Promise<{ has(address: string): boolean }> {
  const own = new Set<string>();
  for (const entry of forbidden) {
    if (entry.port !== port) continue;
    const texts = parseAddress(entry.host) ? [entry.host] : await resolve(entry.host).catch(() => []);
    for (const text of texts) own.add((parseAddress(text) ?? text).toString());
  }
  const local = localAddresses();
  const isLocal = (text: string) => local.has(text) || isLoopback(text);
  const onThisMachine = [...own].some((text) => isLocal(text) || text === "0.0.0.0" || text === "::");
  return { has: (text) => own.has(text) || (onThisMachine && isLocal(text)) };
}

function isLoopback(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && classify(address) === "loopback";
}

function localAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return new Set(all.map(({ address }) => parseAddress(address)?.toString() ?? address));
}
