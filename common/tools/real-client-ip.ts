import { holdsAddress, parseAddress, parseRanges } from "#common/kubernetes/ip-range.ts";

/** Which address an application takes for its client's: by the usual order of headers, and by counting proxies. */

export type ClientIpInput = {
  /** X-Original-Forwarded-For, in which ingress-nginx keeps what the client sent */
  original: string;
  forwarded: string;
  realIp: string;
  /** the other end of the connection, "address:port" */
  peer: string;
  /** ranges of the proxies in front, separated by commas or blanks */
  trusted: string;
};

export type Source = "original" | "forwarded" | "realIp" | "peer" | "none";
export type Hop = { text: string; kind: "proxy" | "client" | "unproven" };

/** The host of "host:port" or "[host]:port"; anything else has none. */
export function hostOf(peer: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:[\]]+)):\d+$/.exec(peer.trim()) ?? [];
  return bracketed ?? plain ?? "";
}

const entries = (header: string) => header.split(",").map((one) => one.trim());

/** The first that says anything: two headers' first entries, one header, and the connection. */
export function byHeaderOrder({ original, forwarded, realIp, peer }: ClientIpInput): {
  address: string;
  source: Source;
} {
  const tried: [Source, string][] = [
    ["original", entries(original)[0] ?? ""],
    ["forwarded", entries(forwarded)[0] ?? ""],
    ["realIp", realIp.trim()],
    ["peer", hostOf(peer)],
  ];
  const [source, address] = tried.find(([, text]) => text !== "") ?? ["none" as const, ""];
  return { address, source };
}

/**
 * From the connection backwards: whoever is no trusted proxy is the client, and what stands left of it was written by
 * the client. An entry that is no address ends the walk at the last proxy.
 */
export function byTrustedHops({ forwarded, peer, trusted }: ClientIpInput): { address: string; hops: Hop[] } {
  const ranges = parseRanges(trusted);
  const isTrusted = (text: string) => ranges.some((range) => holdsAddress(range, text));
  const chain = [...(forwarded.trim() === "" ? [] : entries(forwarded)), hostOf(peer)];
  let at = chain.length - 1;
  while (at > 0 && isTrusted(chain[at] ?? "") && parseAddress(chain[at - 1] ?? "") !== null) at -= 1;
  return {
    address: chain[at] ?? "",
    hops: chain.map((text, index) => ({
      text,
      kind: index > at ? "proxy" : index === at ? "client" : "unproven",
    })),
  };
}
