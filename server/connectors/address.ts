import ipaddr from "ipaddr.js";

/** What is always refused, and what an administrator's list may open. */
export type AddressClass = "public" | "loopback" | "private" | "link-local" | "metadata" | "reserved";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const metadata = addresses("169.254.169.254 100.100.100.200 192.0.0.192 168.63.129.16 169.254.170.2");
const metadata6 = addresses("fd00:ec2::254 fd20:ce::254");
const linkLocal = ranges("169.254.0.0/16 fe80::/10");
const loopback = ranges("127.0.0.0/8 ::1/128");
const closed = ranges("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 198.18.0.0/15 fc00::/7");
const reserved = ranges(
  "0.0.0.0/8 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4",
);
const globalUnicast = ranges("2000::/3");
const reserved6 = ranges("2001::/23 2001:db8::/32 2002::/16 3fff::/20");
const translated = ranges("::ffff:0:0/96 64:ff9b::/96");

/** The ranges of a comma-separated list, as an administrator writes it. Throws on the first that is none. */
export function parseRanges(list: string): string[] {
  const texts = list.split(",").map((text) => text.trim());
  return texts.filter((text) => text !== "" && ipaddr.parseCIDR(text));
}

/** An address in its one spelling, or null where the text is no plain address (zones and short forms are none). */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (!text.includes(":")) return parsePlainIPv4(text);
  const plain = withoutDots(text);
  if (plain === null || text.includes("%") || !ipaddr.IPv6.isValid(plain)) return null;
  return unwrap(ipaddr.IPv6.parse(plain));
}

function parsePlainIPv4(text: string): ipaddr.IPv4 | null {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  const address = ipaddr.IPv4.parse(text);
  return text === address.toString() ? address : null;
}

/** "::ffff:127.0.0.1" in hexadecimal groups: the library reads octal there, and "::1.2.3.4" as another address. */
function withoutDots(text: string): string | null {
  if (!text.includes(".")) return text;
  const colon = text.lastIndexOf(":");
  const bytes = parsePlainIPv4(text.slice(colon + 1))?.toByteArray();
  if (!bytes) return null;
  const hex = Buffer.from(bytes).toString("hex");
  return `${text.slice(0, colon + 1)}${hex.slice(0, 4)}:${hex.slice(4)}`;
}

/** What kind of place an address is. IPv4 inside IPv6 counts as the IPv4 address it leads to. */
export function classify(address: ipaddr.IPv4 | ipaddr.IPv6): AddressClass {
  const text = address.toString();
  if (metadata.has(text) || metadata6.has(text)) return "metadata";
  if (isWithin(address, linkLocal)) return "link-local";
  if (isWithin(address, loopback)) return "loopback";
  if (isWithin(address, closed)) return "private";
  if (address instanceof ipaddr.IPv4) return isWithin(address, reserved) ? "reserved" : "public";
  return isWithin(address, globalUnicast) && !isWithin(address, reserved6) ? "public" : "reserved";
}

export function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, all: Range[]): boolean {
  return all.some(([network, bits]) => {
    if (address instanceof ipaddr.IPv4) {
      return network instanceof ipaddr.IPv4 && address.match(network, bits);
    }
    return network instanceof ipaddr.IPv6 && address.match(network, bits);
  });
}

export function ranges(texts: string | readonly string[]): Range[] {
  const list = typeof texts === "string" ? texts.split(" ") : texts;
  return list.map((text) => ipaddr.parseCIDR(text));
}

/** Mapped and NAT64 addresses reach an IPv4 address; every other way of wrapping one is in a refused range. */
function unwrap(address: ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!isWithin(address, translated)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

function addresses(list: string): Set<string> {
  return new Set(list.split(" ").map((text) => ipaddr.parse(text).toString()));
}
