import { lastWords } from "./active-fact.ts";
import type { HostActiveOutput } from "./need.ts";

export type Talker = { from: string; to: string; protocol: string; packets: number; bytes: number };
export type Capture =
  | {
      packets: number;
      /** as they were on the wire, not as much as was kept of them */
      bytes: number;
      seconds: number;
      protocols: Record<"tcp" | "udp" | "icmp" | "other", number>;
      tcpOpened: number;
      tcpReset: number;
      droppedByKernel: number;
      /** those with the most packets */
      talkers: Talker[];
      /** the capture itself */
      pcapBase64: string;
    }
  | { failed: string };

const mostTalkers = 20;
const globalHeaderBytes = 24;
const recordHeaderBytes = 16;

/** tcpdump ends when its packets or its time are over; either way it has written what it saw. */
export function parseCapture(output: HostActiveOutput): Capture {
  const { collectedBase64: pcapBase64, exitCode, timedOut } = output;
  if (!pcapBase64 || (exitCode !== 0 && !timedOut)) return { failed: lastWords(output) };
  const data = Buffer.from(pcapBase64, "base64");
  const reader = readerOf(data);
  if (!reader) return { failed: "the capture is not a pcap file" };
  const droppedByKernel = Number(/(\d+) packets? dropped by kernel/.exec(output.stderr)?.[1] ?? 0);
  return { ...summary(data, reader), droppedByKernel, pcapBase64 };
}

type Reader = { u32: (at: number) => number; linkType: number; fraction: number };

function readerOf(data: Buffer): Reader | undefined {
  if (data.length < globalHeaderBytes) return undefined;
  const magic = data.readUInt32LE(0);
  const isLittle = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  const isBig = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  if (!isLittle && !isBig) return undefined;
  const u32 = (at: number) => (isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const isNano = magic === 0xa1b23c4d || magic === 0x4d3cb2a1;
  return { u32, linkType: u32(20) & 0xffff, fraction: isNano ? 1e9 : 1e6 };
}

function summary(data: Buffer, { u32, linkType, fraction }: Reader) {
  const protocols = { tcp: 0, udp: 0, icmp: 0, other: 0 };
  const total = { packets: 0, bytes: 0, tcpOpened: 0, tcpReset: 0 };
  const talkers = new Map<string, Talker>();
  let first: number | undefined;
  let last = 0;
  for (let at = globalHeaderBytes; at + recordHeaderBytes <= data.length; ) {
    const kept = u32(at + 8);
    const frame = data.subarray(at + recordHeaderBytes, at + recordHeaderBytes + kept);
    // What was being written when time was up may be cut off in its middle.
    if (frame.length < kept) break;
    last = u32(at) + u32(at + 4) / fraction;
    first ??= last;
    const bytes = u32(at + 12);
    total.packets += 1;
    total.bytes += bytes;
    const packet = readPacket(frame, linkType);
    protocols[packet?.protocol ?? "other"] += 1;
    if (packet) {
      if (packet.flags & 0x02 && !(packet.flags & 0x10)) total.tcpOpened += 1;
      if (packet.flags & 0x04) total.tcpReset += 1;
      count(talkers, packet, bytes);
    }
    at += recordHeaderBytes + kept;
  }
  const most = [...talkers.values()]
    .sort((one, other) => other.packets - one.packets || (one.from < other.from ? -1 : 1))
    .slice(0, mostTalkers);
  const seconds = Math.round((last - (first ?? last)) * 1000) / 1000;
  return { ...total, seconds, protocols, talkers: most };
}

function count(talkers: Map<string, Talker>, { from, to, protocol }: Packet, bytes: number): void {
  const key = `${from} ${to} ${protocol}`;
  const talker = talkers.get(key) ?? { from, to, protocol, packets: 0, bytes: 0 };
  talker.packets += 1;
  talker.bytes += bytes;
  talkers.set(key, talker);
}

type Packet = { protocol: "tcp" | "udp" | "icmp" | "other"; from: string; to: string; flags: number };

/** Where the network header begins, by the type of link; undefined for what is not IP. */
function networkStart(frame: Buffer, linkType: number): number | undefined {
  const typed = (typeAt: number): number | undefined => {
    if (frame.length < typeAt + 2) return undefined;
    const type = frame.readUInt16BE(typeAt);
    if (type === 0x8100 || type === 0x88a8) return typed(typeAt + 4);
    return type === 0x0800 || type === 0x86dd ? typeAt + 2 : undefined;
  };
  switch (linkType) {
    case 1:
      return typed(12);
    case 113:
      return typed(14);
    case 276:
      return frame.length >= 20 && [0x0800, 0x86dd].includes(frame.readUInt16BE(0)) ? 20 : undefined;
    case 12:
    case 14:
    case 101:
      return 0;
    default:
      return undefined;
  }
}

const transports: Record<number, Packet["protocol"]> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp" };

function readPacket(frame: Buffer, linkType: number): Packet | undefined {
  const start = networkStart(frame, linkType);
  const version = start === undefined ? undefined : (frame[start] ?? 0) >> 4;
  if (start === undefined || (version !== 4 && version !== 6)) return undefined;
  const headerBytes = version === 4 ? ((frame[start] ?? 0) & 0x0f) * 4 : 40;
  if (frame.length < start + headerBytes) return undefined;
  const number = frame[start + (version === 4 ? 9 : 6)] ?? 0;
  const protocol = transports[number] ?? "other";
  const address = (offset: number) =>
    version === 4
      ? [...frame.subarray(start + offset, start + offset + 4)].join(".")
      : `[${ipv6(frame.subarray(start + offset, start + offset + 16))}]`;
  const [from, to] = version === 4 ? [address(12), address(16)] : [address(8), address(24)];
  const at = start + headerBytes;
  const hasPorts = (protocol === "tcp" || protocol === "udp") && frame.length >= at + 4;
  if (!hasPorts) return { protocol, from, to, flags: 0 };
  const flags = protocol === "tcp" ? (frame[at + 13] ?? 0) : 0;
  const [source, destination] = [frame.readUInt16BE(at), frame.readUInt16BE(at + 2)];
  return { protocol, from: `${from}:${source}`, to: `${to}:${destination}`, flags };
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
