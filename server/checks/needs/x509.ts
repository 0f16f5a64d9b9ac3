import { type KeyObject, X509Certificate } from "node:crypto";
import {
  childAt,
  derBitString,
  derChildren,
  derIntegerHex,
  derOid,
  MalformedCertificate,
  readDer,
} from "./x509-der.ts";

type SignatureScheme =
  | { kind: "rsa-pkcs1"; hash: string }
  | { kind: "rsa-pss"; hash: string; saltLength: number }
  | { kind: "ecdsa"; hash: string }
  | { kind: "eddsa" }
  | { kind: "other" };

export type CertificateKey = { type: string; bits: number | null; curve: string | null };

/** A certificate with the pieces that a person checks by hand: the signed part, the signature, the key. */
export type Certificate = {
  x509: X509Certificate;
  /** one line: "CN=example.test, O=Example" */
  subject: string;
  issuer: string;
  /** the common name, or the first other thing that names it */
  label: string;
  serial: string;
  notBefore: Date;
  notAfter: Date;
  sha256: string;
  /** the exact bytes the issuer signed */
  toBeSigned: Buffer;
  signature: Buffer;
  /** OpenSSL's name, or the OID in dotted form */
  algorithm: string;
  scheme: SignatureScheme;
  key: CertificateKey;
  isAuthority: boolean;
  /** subject and issuer are the same name: a root, or a self-signed certificate */
  selfIssued: boolean;
};

const hashNames: Record<string, string> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "1.2.840.113549.2.5": "md5",
};

const algorithms: Record<string, [name: string, scheme: SignatureScheme]> = {
  "1.2.840.113549.1.1.4": ["md5WithRSAEncryption", { kind: "rsa-pkcs1", hash: "md5" }],
  "1.2.840.113549.1.1.5": ["sha1WithRSAEncryption", { kind: "rsa-pkcs1", hash: "sha1" }],
  "1.2.840.113549.1.1.14": ["sha224WithRSAEncryption", { kind: "rsa-pkcs1", hash: "sha224" }],
  "1.2.840.113549.1.1.11": ["sha256WithRSAEncryption", { kind: "rsa-pkcs1", hash: "sha256" }],
  "1.2.840.113549.1.1.12": ["sha384WithRSAEncryption", { kind: "rsa-pkcs1", hash: "sha384" }],
  "1.2.840.113549.1.1.13": ["sha512WithRSAEncryption", { kind: "rsa-pkcs1", hash: "sha512" }],
  "1.2.840.10045.4.1": ["ecdsa-with-SHA1", { kind: "ecdsa", hash: "sha1" }],
  "1.2.840.10045.4.3.1": ["ecdsa-with-SHA224", { kind: "ecdsa", hash: "sha224" }],
  "1.2.840.10045.4.3.2": ["ecdsa-with-SHA256", { kind: "ecdsa", hash: "sha256" }],
  "1.2.840.10045.4.3.3": ["ecdsa-with-SHA384", { kind: "ecdsa", hash: "sha384" }],
  "1.2.840.10045.4.3.4": ["ecdsa-with-SHA512", { kind: "ecdsa", hash: "sha512" }],
  "1.3.101.112": ["ED25519", { kind: "eddsa" }],
  "1.3.101.113": ["ED448", { kind: "eddsa" }],
};

export function hashOfOid(oid: string): string | null {
  return hashNames[oid] ?? null;
}

/** Throws MalformedCertificate for anything that is not one X.509 certificate. */
export function parseCertificate(der: Buffer): Certificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch (cause) {
    throw new MalformedCertificate("not an X.509 certificate", { cause });
  }
  const certificate = readDer(x509.raw);
  const { algorithm, scheme } = readAlgorithm(childAt(certificate, 1).whole);
  const subject = oneLine(x509.subject);
  return {
    x509,
    subject,
    issuer: oneLine(x509.issuer),
    label: labelOf(x509, subject),
    serial: x509.serialNumber.toLowerCase(),
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    sha256: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    toBeSigned: childAt(certificate, 0).whole,
    signature: derBitString(childAt(certificate, 2)),
    algorithm,
    scheme,
    key: describeKey(x509.publicKey),
    isAuthority: x509.ca,
    selfIssued: x509.subject === x509.issuer,
  };
}

function readAlgorithm(bytes: Buffer): { algorithm: string; scheme: SignatureScheme } {
  const identifier = readDer(bytes);
  const oid = derOid(childAt(identifier, 0));
  if (oid === "1.2.840.113549.1.1.10")
    return { algorithm: "rsassaPss", scheme: readPssParameters(identifier.whole) };
  const known = algorithms[oid];
  return known ? { algorithm: known[0], scheme: known[1] } : { algorithm: oid, scheme: { kind: "other" } };
}

/** RSASSA-PSS-params: every field has a default (SHA-1, 20 octets of salt), given only where it differs. */
function readPssParameters(bytes: Buffer): SignatureScheme {
  let hash = "sha1";
  let saltLength = 20;
  const params = derChildren(readDer(bytes))[1];
  for (const field of params ? derChildren(params) : []) {
    if (field.tag === 0xa0) hash = hashOfOid(derOid(childAt(childAt(field, 0), 0))) ?? "";
    if (field.tag === 0xa2) saltLength = Number.parseInt(derIntegerHex(childAt(field, 0)), 16);
  }
  return hash === "" ? { kind: "other" } : { kind: "rsa-pss", hash, saltLength };
}

function describeKey(key: KeyObject): CertificateKey {
  const type = key.asymmetricKeyType ?? "unknown";
  const details = key.asymmetricKeyDetails;
  const curve = details?.namedCurve ?? null;
  return { type, bits: details?.modulusLength ?? (curve ? curveBits(curve) : null), curve };
}

function curveBits(curve: string): number | null {
  const digits = /\d{3}/.exec(curve)?.[0];
  return digits ? Number(digits) : null;
}

export function keyText(key: CertificateKey): string {
  if (key.type === "rsa" || key.type === "rsa-pss") return `RSA ${key.bits ?? "?"} bits`;
  if (key.type === "ec") return `EC ${key.curve ?? "unknown curve"}`;
  return key.type === "ed25519" ? "Ed25519" : key.type === "ed448" ? "Ed448" : key.type;
}

/** Node gives a name as lines, most significant last: "C=DE\nO=Example\nCN=example.test". */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").filter(Boolean).reverse().join(", ");
}

function labelOf(x509: X509Certificate, subject: string): string {
  const commonName = /(?:^|\n)CN=([^\n]+)/.exec(x509.subject ?? "")?.[1];
  return commonName ?? (subject || subjectAltNames(x509)[0] || `serial ${x509.serialNumber}`);
}

/** Subject alternative names without their type prefix where it is clear: "example.test", "192.0.2.7". */
export function subjectAltNames(x509: X509Certificate): string[] {
  return (x509.subjectAltName ?? "")
    .split(", ")
    .map((name) => name.replace(/^(DNS|IP Address):/, ""))
    .filter(Boolean);
}

export { MalformedCertificate };
