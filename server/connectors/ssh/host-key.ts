import type { ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import { fingerprint, type HostKeys, keyType } from "./known-hosts.ts";

export type Presented = { type: string; key: Buffer };

const preferred = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;
type HostKeyAlgorithm = (typeof preferred)[number];

/** What the server is asked to show itself with: the types known of it first. */
export function hostKeyAlgorithms(known: HostKeys): HostKeyAlgorithm[] {
  const types = new Set(known.accepted.map(({ type }) => type));
  const isKnown = (algorithm: string) => types.has(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  return [...preferred.filter(isKnown), ...preferred.filter((algorithm) => !isKnown(algorithm))];
}

/** Why a presented key must not be talked to; undefined where it is the known one. */
export function judgeHostKey(key: Buffer, known: HostKeys, name: string): ReadError | undefined {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const what = `connect to ${name}`;
  if (known.revoked.some((each) => each.key.equals(key))) {
    return readError("unreachable", what, "host-key-revoked", `its host key ${shown} is marked as revoked`);
  }
  if (known.accepted.some((each) => each.key.equals(key))) return undefined;
  if (known.accepted.length === 0) {
    const sentence = `nobody has confirmed its host key yet: ${shown}`;
    return readError("unreachable", what, "host-key-unknown", sentence);
  }
  const before = known.accepted.map((each) => `${each.type} ${fingerprint(each.key)}`).join(", ");
  const sentence = `ITS HOST KEY HAS CHANGED: it was ${before}; now it shows ${shown}. Somebody may stand in between; nothing was sent`;
  return readError("unreachable", what, "host-key-changed", sentence);
}
