const names = new Map([
  ...([
    [1, "A"],
    [2, "NS"],
    [5, "CNAME"],
    [6, "SOA"],
    [12, "PTR"],
    [15, "MX"],
    [16, "TXT"],
  ] as const),
  ...([
    [28, "AAAA"],
    [33, "SRV"],
    [39, "DNAME"],
    [43, "DS"],
    [46, "RRSIG"],
    [47, "NSEC"],
  ] as const),
  ...([
    [48, "DNSKEY"],
    [64, "SVCB"],
    [65, "HTTPS"],
    [257, "CAA"],
  ] as const),
]);

/** A type's name as zone files have it; RFC 3597's for those without one. */
export function recordTypeName(number: number): string {
  return names.get(number as never) ?? `TYPE${number}`;
}
