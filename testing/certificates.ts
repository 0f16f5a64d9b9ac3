import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

export type KeyType = "rsa" | "ecdsa";

export type IssueOptions = {
  /** DNS names and IP addresses of the subject alternative name extension */
  names?: string[];
  /** default: the first name */
  commonName?: string;
  organization?: string;
  keyType?: KeyType;
  notBefore?: Date;
  notAfter?: Date;
  /** default: server */
  usage?: "server" | "client";
};

/** `chainPem` is the leaf followed by every intermediate, without the root: what a server should send. */
export type IssuedCertificate = { certPem: string; keyPem: string; chainPem: string };

export type CertificateAuthority = {
  certPem: string;
  keyPem: string;
  issue(options?: IssueOptions): Promise<IssuedCertificate>;
  /** An authority below this one. */
  intermediate(options?: AuthorityOptions): Promise<CertificateAuthority>;
};

export type AuthorityOptions = { name?: string; keyType?: KeyType; notBefore?: Date; notAfter?: Date };

type Signer = { subject: string; keys: CryptoKeyPair; chain: string[] };

x509.cryptoProvider.set(webcrypto as unknown as Crypto);
const dayMs = 86_400_000;
const hash = "SHA-256";
const algorithms = {
  rsa: {
    name: "RSASSA-PKCS1-v1_5",
    hash,
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ecdsa: { name: "ECDSA", namedCurve: "P-256", hash },
} as const;

/** A self-signed root that issues real certificates for tests and for the practice cluster. */
export async function createCertificateAuthority(
  options: AuthorityOptions = {},
): Promise<CertificateAuthority> {
  return authority(undefined, options);
}

async function authority(
  parent: Signer | undefined,
  options: AuthorityOptions,
): Promise<CertificateAuthority> {
  const keys = await newKeys(options.keyType ?? "ecdsa");
  const subject = x509Name(options.name ?? (parent ? "Test intermediate" : "Test root"));
  const certificate = await sign(parent ?? { subject, keys, chain: [] }, keys, {
    ...options,
    subject,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const certPem = toPem(certificate);
  const signer: Signer = { subject, keys, chain: parent ? [certPem, ...parent.chain] : [] };
  return {
    certPem,
    keyPem: await privateKeyPem(keys.privateKey),
    issue: (leaf = {}) => issue(signer, leaf),
    intermediate: (below = {}) => authority(signer, below),
  };
}

async function issue(signer: Signer, options: IssueOptions): Promise<IssuedCertificate> {
  const names = options.names ?? [];
  const keys = await newKeys(options.keyType ?? "ecdsa");
  const usage = options.usage === "client" ? "clientAuth" : "serverAuth";
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(
      x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
      true,
    ),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]]),
  ];
  if (names.length > 0) {
    const entries = names.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
    extensions.push(new x509.SubjectAlternativeNameExtension(entries));
  }
  const subject = x509Name(options.commonName ?? names[0] ?? "leaf", options.organization);
  const certPem = toPem(await sign(signer, keys, { ...options, subject, extensions }));
  return {
    certPem,
    keyPem: await privateKeyPem(keys.privateKey),
    chainPem: [certPem, ...signer.chain].join(""),
  };
}

async function sign(
  signer: Signer,
  keys: CryptoKeyPair,
  options: { subject: string; notBefore?: Date; notAfter?: Date; extensions: x509.Extension[] },
): Promise<x509.X509Certificate> {
  const notAfter = options.notAfter ?? new Date(Date.now() + 30 * dayMs);
  const earliest = Math.min(Date.now(), notAfter.getTime()) - dayMs;
  return x509.X509CertificateGenerator.create({
    serialNumber: `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`,
    subject: options.subject,
    issuer: signer.subject,
    notBefore: options.notBefore ?? new Date(earliest),
    notAfter,
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signer.keys.privateKey.algorithm.name === "ECDSA" ? algorithms.ecdsa : algorithms.rsa,
    extensions: [
      ...options.extensions,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
}

async function newKeys(type: KeyType): Promise<CryptoKeyPair> {
  const pair = await webcrypto.subtle.generateKey(algorithms[type], true, ["sign", "verify"]);
  return pair as unknown as CryptoKeyPair;
}

function x509Name(commonName: string, organization?: string): string {
  const attributes: Record<string, string[]>[] = [{ CN: [commonName] }];
  if (organization) attributes.push({ O: [organization] });
  return new x509.Name(attributes).toString();
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem").trim()}\n`;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}
