import ssh2, { type ParsedKey } from "ssh2";
import { withCertificate } from "./certificate.ts";
import { keyType } from "./known-hosts.ts";

export type SshKeyProblem =
  | "not-a-key"
  | "public-key"
  | "passphrase-needed"
  | "passphrase-wrong"
  | "weak-key"
  | "not-a-certificate"
  | "host-certificate"
  | "certificate-mismatch";

/** Says what is wrong with a key, and nothing of what it holds. */
export class SshKeyError extends Error {
  readonly problem: SshKeyProblem;
  constructor(problem: SshKeyProblem) {
    super(`ssh key: ${problem}`);
    this.name = "SshKeyError";
    this.problem = problem;
  }
}

export type KeyMaterial = { privateKey: string; passphrase?: string; certificate?: string };
export type SshKey = { key: ParsedKey; certificateType?: string };

const strong = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];
const minRsaBytes = 256;

/** Reads what a person handed in, or throws SshKeyError. */
export function readSshKey({ privateKey, passphrase, certificate }: KeyMaterial): SshKey {
  const parsed = ssh2.utils.parseKey(privateKey, passphrase);
  if (parsed instanceof Error) throw new SshKeyError(problemOf(parsed.message, passphrase));
  const key: ParsedKey = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!key.isPrivateKey()) throw new SshKeyError("public-key");
  const blob = key.getPublicSSH();
  // An RSA public key is a little longer than its modulus: below 2,048 bits nobody takes it any more.
  if (!strong.includes(key.type) || (key.type === "ssh-rsa" && blob.length < minRsaBytes)) {
    throw new SshKeyError("weak-key");
  }
  return certificate ? certified(key, certificate) : { key: withoutSha1(key) };
}

function problemOf(message: string, passphrase: string | undefined): SshKeyProblem {
  if (/no passphrase given/i.test(message)) return "passphrase-needed";
  if (passphrase !== undefined && /passphrase|decrypt|integrity|bad/i.test(message))
    return "passphrase-wrong";
  return "not-a-key";
}

/** A server that names no newer algorithm would be signed for with SHA-1. */
function withoutSha1(key: ParsedKey): ParsedKey {
  if (key.type !== "ssh-rsa") return key;
  const sign = (data: Buffer, algorithm?: string) =>
    algorithm === "sha256" || algorithm === "sha512"
      ? key.sign(data, algorithm)
      : new Error("the server takes only SHA-1 signatures");
  return Object.create(key, { sign: { value: sign } });
}

function certified(key: ParsedKey, certificate: string): SshKey {
  const [type = "", encoded = ""] = certificate.trim().split(/\s+/);
  const blob = Buffer.from(encoded, "base64");
  if (!type.endsWith("-cert-v01@openssh.com") || keyType(blob) !== type)
    throw new SshKeyError("not-a-certificate");
  const { holdsKey, kind } = lookInto(blob, key);
  if (kind === 2) throw new SshKeyError("host-certificate");
  if (!holdsKey || kind !== 1) throw new SshKeyError("certificate-mismatch");
  const wrapped = withCertificate(key, { type, blob });
  return { key: wrapped, certificateType: wrapped.type };
}

/** type, nonce, the key's own fields, serial, kind (1: of a user) … */
function lookInto(blob: Buffer, key: ParsedKey): { holdsKey: boolean; kind: number | undefined } {
  try {
    let at = 0;
    const field = () => {
      const end = at + 4 + blob.readUInt32BE(at);
      const value = blob.subarray(at, end);
      at = end;
      return value;
    };
    field();
    field();
    const own = key.getPublicSSH();
    const ownFields = own.subarray(4 + own.readUInt32BE(0));
    const holdsKey = blob.subarray(at, at + ownFields.length).equals(ownFields);
    at += ownFields.length + 8;
    return { holdsKey, kind: blob.readUInt32BE(at) };
  } catch {
    return { holdsKey: false, kind: undefined };
  }
}
