import { createDialler } from "#server/connectors/dialler.ts";
import { createSshConnector } from "#server/connectors/ssh/client.ts";
import { createGate, type Gate } from "#server/connectors/ssh/gate.ts";
import { type KeyMaterial, readSshKey } from "#server/connectors/ssh/key.ts";
import { hostName, knownHosts, readKnownHosts } from "#server/connectors/ssh/known-hosts.ts";
import type { Sshd } from "./sshd.ts";

export const loopbackDialler = createDialler({ allowedRanges: ["127.0.0.0/8"], forbidden: [] });

/** A connector to a test's sshd, by the address given; `hostKey: null` is a host nobody confirmed. */
export function connectTo(
  sshd: Pick<Sshd, "port" | "hostKey" | "user">,
  material: KeyMaterial,
  options: {
    host?: string;
    user?: string;
    hostKey?: string | null;
    knownText?: string;
    sudo?: boolean;
    gate?: Gate;
    jump?: { sshd: Sshd; material: KeyMaterial };
  } = {},
) {
  const { host = "127.0.0.1", user = sshd.user, hostKey = sshd.hostKey, jump } = options;
  const place = { host, port: sshd.port };
  const lines = [options.knownText ?? (hostKey === null ? "" : `${hostName(place)} ${hostKey}`)];
  if (jump) lines.push(`[127.0.0.1]:${jump.sshd.port} ${jump.sshd.hostKey}`);
  const route = {
    ...place,
    user,
    key: readSshKey(material),
    known: knownHosts(readKnownHosts(lines.join("\n")).keys),
    jump: jump && {
      host: "127.0.0.1",
      port: jump.sshd.port,
      user: jump.sshd.user,
      key: readSshKey(jump.material),
    },
    sudo: options.sudo ?? false,
  };
  return createSshConnector(route, { dialler: loopbackDialler, gate: options.gate ?? createGate(50) });
}

export function countingContext(signal: AbortSignal = AbortSignal.timeout(30_000)) {
  const counted = { calls: 0, bytes: 0 };
  const meter = {
    call: () => {
      counted.calls += 1;
    },
    bytes: (count: number) => {
      counted.bytes += count;
    },
    throttled: () => {},
  };
  return { counted, signal, meter };
}
