/** A listening TCP socket. `maximum` is null where the source does not tell it (/proc/net/tcp). */
export type ListenSocket = { address: string; port: number; current: number; maximum: number | null };

/** The LISTEN lines of `ss -lnt`: state, current queue, its maximum, local address. Null where it is no such table. */
export function parseSs(output: { stdout: string; exitCode: number }): ListenSocket[] | null {
  const [header = "", ...lines] = output.stdout.split("\n");
  if (output.exitCode !== 0 || !header.startsWith("State")) return null;
  const sockets: ListenSocket[] = [];
  for (const line of lines.filter((each) => each.startsWith("LISTEN"))) {
    const match = /^LISTEN\s+(\d+)\s+(\d+)\s+(\S+):(\d+)\s/.exec(line);
    // A listener that cannot be read must not count as one with room: /proc knows it, too.
    if (!match?.[3]) return null;
    const [, current, maximum, address, port] = match;
    sockets.push({ address, port: Number(port), current: Number(current), maximum: Number(maximum) });
  }
  return sockets;
}

const listenState = "0A";

/** The listeners of /proc/net/tcp or tcp6. There, rx_queue of a listener is its accept queue. */
export function parseProcNetTcp(text: string): ListenSocket[] {
  if (!/^\s*sl\s/.test(text)) throw new Error("it is not a table of sockets");
  return text.split("\n").flatMap((line) => {
    const match =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) [0-9A-F]+:([0-9A-F]+) /.exec(line);
    if (!match?.[1] || match[3] !== listenState) return [];
    return [
      {
        address: addressOfHex(match[1]),
        port: Number.parseInt(match[2] ?? "", 16),
        current: Number.parseInt(match[4] ?? "", 16),
        maximum: null,
      },
    ];
  });
}

/** The kernel prints each 32-bit word in the host's byte order, which is little-endian on all we meet. */
function addressOfHex(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(`${bytes[index * 2]}${bytes[index * 2 + 1]}`, 16).toString(16),
  );
  return `[${shortenZeros(groups)}]`;
}

/** RFC 5952: the longest run of two or more zero groups becomes "::". */
function shortenZeros(groups: string[]): string {
  const runs = [
    ...groups
      .map((group) => (group === "0" ? "0" : "x"))
      .join("")
      .matchAll(/00+/g),
  ];
  const longest = runs.sort((a, b) => b[0].length - a[0].length || a.index - b.index)[0];
  if (!longest) return groups.join(":");
  const head = groups.slice(0, longest.index).join(":");
  const tail = groups.slice(longest.index + longest[0].length).join(":");
  return `${head}::${tail}`;
}

/** /proc/net/netstat: two lines per protocol, names then values; the set of names changes with the kernel. */
export function parseTcpExt(text: string): Record<string, number> {
  const [names, values] = text
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.trim().split(/\s+/).slice(1));
  return Object.fromEntries(
    (names ?? []).map((name, index) => [name, Number(values?.[index] ?? Number.NaN)]),
  );
}
