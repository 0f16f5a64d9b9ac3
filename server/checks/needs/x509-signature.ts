import { constants, createHash, publicDecrypt, verify } from "node:crypto";
import type { Certificate } from "./x509.ts";
import { hashOfOid } from "./x509.ts";
import { childAt, derChildren, derIntegerHex, derOid, readDer } from "./x509-der.ts";

/** What came of checking a certificate's signature with its issuer's public key. */
export type SignatureReport = {
  verified: boolean;
  /** digest of the to-be-signed part, hex; null for EdDSA, which signs the bytes themselves */
  digest: { hash: string; hex: string } | null;
  /** RSA PKCS#1 v1.5 only: what the signature holds */
  recovered: { digestInfo: string; hash: string | null; hex: string } | null;
  /** ECDSA only: the two numbers a signature is */
  ecdsa: { r: string; s: string } | null;
};

/** Null where the scheme is unknown to us: nothing can be said then. */
export function checkSignature(certificate: Certificate, issuer: Certificate): SignatureReport | null {
  const { scheme, toBeSigned, signature } = certificate;
  if (scheme.kind === "other") return null;
  const key = issuer.x509.publicKey;
  const hash = scheme.kind === "eddsa" ? null : scheme.hash;
  const digest = hash ? { hash, hex: createHash(hash).update(toBeSigned).digest("hex") } : null;
  const input =
    scheme.kind === "rsa-pss"
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
      : key;
  return {
    verified: attempt(() => verify(hash, toBeSigned, input, signature)) ?? false,
    digest,
    recovered:
      scheme.kind === "rsa-pkcs1" && key.asymmetricKeyType === "rsa"
        ? attempt(() =>
            recoverDigest(publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature)),
          )
        : null,
    ecdsa: scheme.kind === "ecdsa" ? attempt(() => readEcdsa(signature)) : null,
  };
}

/** OpenSSL throws where key and signature do not even fit together: that is "no", not an accident. */
function attempt<T>(step: () => T): T | null {
  try {
    return step();
  } catch {
    return null;
  }
}

/** DigestInfo ::= SEQUENCE { SEQUENCE { hash OID, NULL }, OCTET STRING digest } */
function recoverDigest(digestInfo: Buffer): SignatureReport["recovered"] {
  const info = readDer(digestInfo);
  return {
    digestInfo: digestInfo.toString("hex"),
    hash: hashOfOid(derOid(childAt(childAt(info, 0), 0))),
    hex: childAt(info, 1).content.toString("hex"),
  };
}

function readEcdsa(signature: Buffer): SignatureReport["ecdsa"] {
  const [r, s] = derChildren(readDer(signature));
  return r && s ? { r: derIntegerHex(r), s: derIntegerHex(s) } : null;
}
