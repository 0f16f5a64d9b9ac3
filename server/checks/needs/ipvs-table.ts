/** What /proc/net/ip_vs holds: addresses are hexadecimal there. */
export type RealServer = { address: string; forward: string; weight: number };
export type VirtualServer = {
  /** "tcp 10.96.0.10:53", "fwm 1" */
  name: string;
  protocol: string;
  /** null for a firewall mark */
  address: string | null;
  port: number;
  scheduler: string;
  servers: RealServer[];
};

export function parseIpvsTable(text: string): VirtualServer[] {
  const all: VirtualServer[] = [];
  for (const line of text.split("\n")) {
    const virtual = /^(TCP|UDP|SCTP|FWM)\s+(\S+)\s+(\S+)/.exec(line);
    if (virtual) all.push(virtualServer(virtual[1] ?? "", virtual[2] ?? "", virtual[3] ?? ""));
    const real = /^\s+->\s+(\S+)\s+(Masq|Route|Tunnel|Local\S*)\s+(-?\d+)\s/i.exec(line);
    const [, place = "", forward = "", weight = ""] = real ?? [];
    const server = endpointOf(place);
    if (server) all.at(-1)?.servers.push({ address: server.text, forward, weight: Number(weight) });
  }
  return all;
}

function virtualServer(word: string, place: string, scheduler: string): VirtualServer {
  const protocol = word.toLowerCase();
  const endpoint = protocol === "fwm" ? null : endpointOf(place);
  const name = endpoint ? `${protocol} ${endpoint.text}` : `${protocol} ${Number.parseInt(place, 16)}`;
  return {
    ...{ name, protocol, scheduler, servers: [] },
    address: endpoint?.address ?? null,
    port: endpoint?.port ?? 0,
  };
}

/** "C0A84D8C:1F90" or "[2001:0db8:0000:0000:0000:0000:0000:0001]:0050". */
function endpointOf(place: string): { address: string; port: number; text: string } | null {
  const v4 = /^([0-9A-F]{8}):([0-9A-F]{4})$/i.exec(place);
  const v6 = /^\[([0-9A-F:]+)\]:([0-9A-F]{4})$/i.exec(place);
  const port = Number.parseInt(v4?.[2] ?? v6?.[2] ?? "", 16);
  if (v4?.[1]) {
    const address = (v4[1].match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join(".");
    return { address, port, text: `${address}:${port}` };
  }
  if (!v6?.[1]) return null;
  const address = new URL(`http://[${v6[1]}]`).hostname.slice(1, -1);
  return { address, port, text: `[${address}]:${port}` };
}

/** The first of `ipvsadm -l --timeout`, seconds an idle TCP connection is remembered; null where it failed. */
export function parseIpvsTimeout({ stdout, exitCode }: { stdout: string; exitCode: number }): number | null {
  const seconds = /:\s*(\d+)\s+\d+\s+\d+/.exec(stdout)?.[1];
  return exitCode !== 0 || seconds === undefined ? null : Number(seconds);
}

/** Names of modules that begin with ip_vs, in /proc/modules or in a list of modules to load. */
export function parseIpvsModules(text: string): string[] {
  const names = text.split("\n").map((line) => line.trim().split(/\s/)[0] ?? "");
  return [...new Set(names.filter((name) => /^ip_vs(_\w+)?$/.test(name)))].sort();
}
