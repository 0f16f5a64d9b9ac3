import "reflect-metadata";
import { createHash } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

export type Pair = { certificatePem: string; keyPem: string };

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const oneDayMs = 86_400_000;

/** The cluster's own certificate authority. */
export async function createAuthority(): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: "CN=practice-kubernetes-ca",
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 3_650 * oneDayMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    crypto,
  );
  return { certificatePem: certificate.toString("pem"), keyPem: await exportKey(keys.privateKey) };
}

/** For this machine and the names a pod would use. */
export function createServerCertificate(authority: Pair, host: string): Promise<Pair> {
  const isAddress = /^[\d.]+$|:/.test(host);
  const names: { type: "dns" | "ip"; value: string }[] = [
    { type: "dns", value: "localhost" },
    { type: "dns", value: "kubernetes.default.svc" },
    { type: "ip", value: "127.0.0.1" },
    { type: "ip", value: "::1" },
    { type: "ip", value: "10.96.0.1" },
    { type: isAddress ? "ip" : "dns", value: host },
  ];
  const unique = names.filter(
    (name, index) => names.findIndex(({ value }) => value === name.value) === index,
  );
  return issue(authority, "CN=kube-apiserver", ExtendedKeyUsage.serverAuth, [
    new SubjectAlternativeNameExtension(unique),
  ]);
}

/** For names that are reached from outside. */
export function createHostCertificate(authority: Pair, hosts: readonly string[]): Promise<Pair> {
  const names = hosts.map((value) => ({ type: "dns" as const, value }));
  return issue(authority, `CN=${hosts[0]}`, ExtendedKeyUsage.serverAuth, [
    new SubjectAlternativeNameExtension(names),
  ]);
}

export function createClientCertificate(authority: Pair, user: string, group?: string): Promise<Pair> {
  const name = group ? `O=${group}, CN=${user}` : `CN=${user}`;
  return issue(authority, name, ExtendedKeyUsage.clientAuth, []);
}

async function issue(
  authority: Pair,
  subject: string,
  usage: ExtendedKeyUsage,
  extensions: SubjectAlternativeNameExtension[],
): Promise<Pair> {
  const issuer = new X509Certificate(authority.certificatePem);
  const signingKey = await crypto.subtle.importKey(
    "pkcs8",
    PemConverter.decodeFirst(authority.keyPem),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject,
      issuer: issuer.subject,
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 365 * oneDayMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, crypto),
        ...extensions,
      ],
    },
    crypto,
  );
  return { certificatePem: certificate.toString("pem"), keyPem: await exportKey(keys.privateKey) };
}

/** Still good for a month, and signed by this authority for this host? */
export function isUsable(pair: Pair, authority: Pair, host: string): boolean {
  const certificate = new X509Certificate(pair.certificatePem);
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  return (
    certificate.issuer === new X509Certificate(authority.certificatePem).subject &&
    certificate.notAfter.getTime() > Date.now() + 30 * oneDayMs &&
    names.some(({ value }) => value === host)
  );
}

export function fingerprint(certificateDer: Buffer): string {
  return createHash("sha256").update(certificateDer).digest("hex");
}

async function exportKey(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function serialNumber(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(15)))
    .toString("hex")
    .replace(/^[89a-f]/, "7");
}
