import ipaddr from "ipaddr.js";

/** Ranges of addresses, IPv4 and IPv6, as Kubernetes writes them ("10.244.0.0/16"). */

export type IpRange = { version: 4 | 6; first: bigint; prefix: number };

function bitsOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

type Address = { version: 4 | 6; value: bigint };
/** The same addresses are held against range after range. */
const parsed = new Map<string, Address | null>();
const mostParsed = 50_000;

/** An address without a prefix length; null for anything else. Octal and shortened IPv4 forms are refused. */
export function parseAddress(text: string): Address | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (parsed.size >= mostParsed) parsed.clear();
  const address = readAddress(text);
  parsed.set(text, address);
  return address;
}

function readAddress(text: string): Address | null {
  // By hand, since maps of large clusters parse a hundred thousand of them: four parts without leading zeros.
  const parts = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  if (parts) {
    const [, a, b, c, d] = parts.map(Number) as [number, number, number, number, number];
    if (a > 255 || b > 255 || c > 255 || d > 255) return null;
    return { version: 4, value: BigInt(((a * 256 + b) * 256 + c) * 256 + d) };
  }
  if (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text))
    return { version: 6, value: numberOf(ipaddr.IPv6.parse(text).toByteArray()) };
  return null;
}

/** Null where it is no range. Bits behind the prefix are cut off. */
export function parseRange(text: string): IpRange | null {
  const [, address = "", length = ""] = /^\s*([^/\s]+)\/(\d{1,3})\s*$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  const prefix = Number(length);
  if (!parsed || length === "" || prefix > bitsOf(parsed.version)) return null;
  const rest = BigInt(bitsOf(parsed.version) - prefix);
  return { version: parsed.version, first: (parsed.value >> rest) << rest, prefix };
}

/** Ranges in a list that commas or blanks separate; what is none is left out. */
export function parseRanges(text: string): IpRange[] {
  return text.split(/[\s,]+/).flatMap((one) => parseRange(one) ?? []);
}

export function rangeSize({ version, prefix }: IpRange): bigint {
  return 1n << BigInt(bitsOf(version) - prefix);
}

export function holdsRange(outer: IpRange, inner: IpRange): boolean {
  if (outer.version !== inner.version || outer.prefix > inner.prefix) return false;
  const rest = BigInt(bitsOf(outer.version) - outer.prefix);
  return inner.first >> rest === outer.first >> rest;
}

export function holdsAddress(range: IpRange, text: string): boolean {
  const address = parseAddress(text);
  if (!address || address.version !== range.version) return false;
  return address.value >= range.first && address.value < range.first + rangeSize(range);
}

/** Two ranges share an address only where one holds the other. */
export function rangesMeet(one: IpRange, other: IpRange): boolean {
  return holdsRange(one, other) || holdsRange(other, one);
}

export function addressText(version: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: bitsOf(version) / 8 }, (_, index, length = bitsOf(version) / 8) =>
    Number((value >> BigInt(8 * (length - 1 - index))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

export function rangeText({ version, first, prefix }: IpRange): string {
  return `${addressText(version, first)}/${prefix}`;
}

/** The smallest range around all addresses of the first one's family: where they seem to live. Null for none. */
export function rangeAround(addresses: readonly string[]): IpRange | null {
  const found = addresses.flatMap((text) => parseAddress(text) ?? []);
  const [head] = found;
  if (!head) return null;
  let [low, high] = [head.value, head.value];
  for (const { version, value } of found) {
    if (version !== head.version) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  let prefix = bitsOf(head.version);
  while (
    prefix > 0 &&
    low >> BigInt(bitsOf(head.version) - prefix) !== high >> BigInt(bitsOf(head.version) - prefix)
  )
    prefix -= 1;
  const rest = BigInt(bitsOf(head.version) - prefix);
  return { version: head.version, first: (low >> rest) << rest, prefix };
}

/** How much of a whole is used, in per cent, to one digit; of 2^64 and more everything is nothing. */
export function usedPercent(used: number, usable: bigint): number {
  if (usable <= 0n) return used > 0 ? 100 : 0;
  return Number((BigInt(used) * 1000n) / usable) / 10;
}
