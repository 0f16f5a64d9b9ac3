import { createHash, createHmac } from "node:crypto";

/** One accepted line: for which hosts (as written), and the key as the server sends it. */
export type KnownKey = { hosts: string; revoked: boolean; type: string; key: Buffer };
export type KnownHostsProblem = {
  line: number;
  problem: "cert-authority" | "unknown-marker" | "incomplete" | "not-a-key" | "weak-key" | "bad-hash";
};

const keyTypes = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type a key says it is of. */
export function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length > 0 && length < 64 && length + 4 <= key.length ? key.toString("latin1", 4, 4 + length) : "";
}

/** A host as known_hosts names it: its port only where it is not 22. */
export function hostName({ host, port }: { host: string; port: number }): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Reads a known_hosts file. What cannot be accepted is named with its line, never silently taken or left out. */
export function readKnownHosts(text: string): { keys: KnownKey[]; problems: KnownHostsProblem[] } {
  const keys: KnownKey[] = [];
  const problems: KnownHostsProblem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === "" || words[0]?.startsWith("#")) continue;
    const read = readLine(words);
    if ("problem" in read) problems.push({ line: index + 1, problem: read.problem });
    else keys.push(read);
  }
  return { keys, problems };
}

function readLine(words: string[]): KnownKey | { problem: KnownHostsProblem["problem"] } {
  const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
  // A certificate authority would vouch for hosts nobody looked at.
  if (marker === "@cert-authority") return { problem: "cert-authority" };
  if (marker !== undefined && marker !== "@revoked") return { problem: "unknown-marker" };
  const [hosts, type, encoded] = words;
  if (!hosts || !type || !encoded) return { problem: "incomplete" };
  if (hosts.startsWith("|") && !/^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}=$/.test(hosts)) {
    return { problem: "bad-hash" };
  }
  const key = Buffer.from(encoded, "base64");
  if (!/^[A-Za-z0-9+/]+=*$/.test(encoded) || keyType(key) !== type) return { problem: "not-a-key" };
  if (!keyTypes.includes(type)) return { problem: "weak-key" };
  return { hosts, revoked: marker === "@revoked", type, key };
}

export type HostKeys = { accepted: KnownKey[]; revoked: KnownKey[] };
export type KnownHosts = (at: { host: string; port: number }) => HostKeys;

/** Finds a host's keys. Names are looked up; hashed ones and patterns have to be tried one by one. */
export function knownHosts(keys: readonly KnownKey[]): KnownHosts {
  const byName = new Map<string, KnownKey[]>();
  const others: KnownKey[] = [];
  for (const key of keys) {
    if (/[*?!|]/.test(key.hosts)) others.push(key);
    else
      for (const name of key.hosts.toLowerCase().split(","))
        byName.set(name, [...(byName.get(name) ?? []), key]);
  }
  return (at) => {
    const name = hostName(at);
    const found = [...(byName.get(name) ?? []), ...others.filter(({ hosts }) => matches(hosts, name))];
    return {
      accepted: found.filter(({ revoked }) => !revoked),
      revoked: found.filter(({ revoked }) => revoked),
    };
  };
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith("|1|")) {
    const [, , salt = "", hash] = hosts.split("|");
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const patterns = hosts.toLowerCase().split(",");
  if (patterns.some((pattern) => pattern.startsWith("!") && matchesPattern(pattern.slice(1), name)))
    return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && matchesPattern(pattern, name));
}

/** `*` and `?`, without a regular expression: patterns come from outside. */
function matchesPattern(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let position = 0;
  while (position < name.length) {
    if (pattern[at] === "*") [star, resume, at] = [at, position, at + 1];
    else if (pattern[at] === "?" || pattern[at] === name[position]) [at, position] = [at + 1, position + 1];
    else if (star === -1) return false;
    else [at, resume, position] = [star + 1, resume + 1, resume + 1];
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
