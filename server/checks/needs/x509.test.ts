import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createCertificateAuthority, type KeyType } from "#testing/certificates.ts";
import { check as pemChain } from "../document/pem-chain.ts";
import { check as tlsCertificate } from "../endpoint/tls-certificate.ts";
import { MalformedCertificate, parseCertificate } from "./x509.ts";
import { readPemBlocks } from "./x509-pem.ts";
import { checkSignature } from "./x509-signature.ts";

const derOf = (pem: string) => new X509Certificate(pem).raw;

async function made(keyType: KeyType) {
  const root = await createCertificateAuthority({ name: "Test root", keyType });
  const leaf = await root.issue({ names: ["a.example.test"], keyType });
  return { root: root.certPem, leaf: leaf.certPem, key: leaf.keyPem };
}

describe.each(["rsa", "ecdsa"] as const)("%s", (keyType) => {
  let certificates: Awaited<ReturnType<typeof made>>;
  beforeAll(async () => {
    certificates = await made(keyType);
  });

  test("one changed byte of the signed part or of the signature breaks the signature", () => {
    const issuer = parseCertificate(derOf(certificates.root));
    const leaf = parseCertificate(derOf(certificates.leaf));
    expect(checkSignature(leaf, issuer)?.verified).toBe(true);
    const flipped = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      copy[copy.length - 3] = (copy.at(-3) ?? 0) ^ 1;
      return copy;
    };
    expect(checkSignature({ ...leaf, toBeSigned: flipped(leaf.toBeSigned) }, issuer)?.verified).toBe(false);
    expect(checkSignature({ ...leaf, signature: flipped(leaf.signature) }, issuer)?.verified).toBe(false);
    expect(checkSignature(leaf, leaf)?.verified).toBe(false);
  });

  test("a pasted private key is told, and no line of it is kept", () => {
    const observedAt = new Date();
    const text = `${certificates.leaf}${certificates.key}${certificates.root}`;
    const judgement = pemChain.judge({ text }, pemChain.params.parse({}), { observedAt });
    const kept = JSON.stringify(judgement);
    expect(kept).toContain("private-key-pasted");
    const body = certificates.key.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
    for (const line of body) expect(kept).not.toContain(line);
    expect(readPemBlocks(text).map((block) => block.der.length > 0)).toEqual([true, false, true]);
  });
});

test("a private key among the trusted roots is refused, since parameters are kept and shown", async () => {
  const { root, key } = await made("ecdsa");
  for (const { params } of [pemChain, tlsCertificate]) {
    expect(params.safeParse({ trustPem: root }).success).toBe(true);
    expect(params.safeParse({ trustPem: `${root}${key}` }).success).toBe(false);
  }
});

test("whatever the bytes, parsing gives a certificate or says that it is malformed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => parseCertificate(Buffer.from(bytes))).toThrow(MalformedCertificate);
    }),
  );
});

test("line numbers, noise, Windows line endings and an unfinished block", () => {
  const text =
    "noise\r\n-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n-----BEGIN CERTIFICATE-----\r\nAAAA";
  expect(readPemBlocks(text).map(({ line, endLine }) => [line, endLine])).toEqual([
    [2, 4],
    [5, null],
  ]);
});
