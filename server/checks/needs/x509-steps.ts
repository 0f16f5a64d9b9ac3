import type { Evidence, Finding, Subject } from "#common/result.ts";
import { type Certificate, type CertificateKey, keyText } from "./x509.ts";
import { checkSignature, type SignatureReport } from "./x509-signature.ts";

/** The steps that look at one certificate of a path at a time. */

export type DateLimits = { now: Date; warnDays: number; failDays: number };

const dayMs = 86_400_000;

/** A certificate as a subject: its place in the path and its name, which survive a renewal. */
export function certificateSubject(of: Subject, path: Certificate[], index: number): Subject {
  return { ...of, part: `#${index + 1} ${path[index]?.label ?? ""}`.trim() };
}

export function dateStep(certificate: Certificate, subject: Subject, limits: DateLimits): Finding {
  const { now, warnDays, failDays } = limits;
  const { label, notBefore, notAfter } = certificate;
  const observed = `${notBefore.toISOString()} – ${notAfter.toISOString()}`;
  const left = (notAfter.getTime() - now.getTime()) / dayMs;
  const days = Math.floor(Math.abs(left));
  const at = now.toISOString();
  if (notBefore > now)
    return {
      verdict: "fail",
      code: "not-yet-valid",
      subject,
      message: {
        en: `"${label}" is not valid yet: it begins at ${notBefore.toISOString()}. Compare the clocks first.`,
        "zh-CN": `“${label}”尚未生效：生效时间是 ${notBefore.toISOString()}。请先核对两端的时钟。`,
      },
      observed,
      expected: `contains ${at}`,
    };
  if (left <= 0)
    return {
      verdict: "fail",
      code: "expired",
      subject,
      message: { en: `"${label}" expired ${daysEn(days)} ago.`, "zh-CN": `“${label}”已过期 ${days} 天。` },
      observed,
      expected: `contains ${at}`,
    };
  if (left <= warnDays)
    return {
      verdict: left <= failDays ? "fail" : "warn",
      code: "expires-soon",
      subject,
      message: { en: `"${label}" expires in ${daysEn(days)}.`, "zh-CN": `“${label}”将在 ${days} 天后过期。` },
      observed,
      expected: `more than ${left <= failDays ? failDays : warnDays} days left`,
    };
  return {
    verdict: "pass",
    code: "dates-valid",
    subject,
    message: {
      en: `"${label}" is valid for another ${daysEn(days)}.`,
      "zh-CN": `“${label}”还有 ${days} 天有效期。`,
    },
    observed,
    expected: `contains ${at}, more than ${warnDays} days left`,
  };
}

function daysEn(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

export function keyStep(certificate: Certificate, subject: Subject): Finding {
  const text = keyText(certificate.key);
  const strong = isStrong(certificate.key);
  return {
    verdict: strong ? "pass" : "fail",
    code: strong ? "key-strong" : "key-weak",
    subject,
    message: strong
      ? {
          en: `"${certificate.label}" has a key of ${text}.`,
          "zh-CN": `“${certificate.label}”的密钥是 ${text}。`,
        }
      : {
          en: `"${certificate.label}" has a key of ${text}, which is too short to rely on.`,
          "zh-CN": `“${certificate.label}”的密钥是 ${text}，强度不足。`,
        },
    observed: text,
    expected: "RSA ≥ 2048 bits, EC ≥ 224 bits, Ed25519 or Ed448",
  };
}

function isStrong(key: CertificateKey): boolean {
  if (key.type === "rsa" || key.type === "rsa-pss") return (key.bits ?? 0) >= 2048;
  if (key.type === "ec") return (key.bits ?? 0) >= 224;
  return key.type === "ed25519" || key.type === "ed448";
}

/** SHA-1 and MD5 can be made to collide: a signature over them binds nothing. */
export function hashStep(certificate: Certificate, subject: Subject): Finding {
  const { scheme, algorithm, label } = certificate;
  const weak = "hash" in scheme && (scheme.hash === "sha1" || scheme.hash === "md5");
  return {
    verdict: weak ? "fail" : "pass",
    code: weak ? "signature-hash-weak" : "signature-algorithm",
    subject,
    message: weak
      ? {
          en: `"${label}" is signed with ${algorithm}; collisions for its hash can be made.`,
          "zh-CN": `“${label}”使用 ${algorithm} 签名，其哈希算法已可被构造碰撞。`,
        }
      : { en: `"${label}" is signed with ${algorithm}.`, "zh-CN": `“${label}”使用 ${algorithm} 签名。` },
    observed: algorithm,
    expected: "not MD5 or SHA-1",
  };
}

/** The heart of the walk: was this certificate really signed by that issuer's key? */
export function signatureStep(certificate: Certificate, issuer: Certificate, subject: Subject): Finding {
  const { label, algorithm } = certificate;
  const report = checkSignature(certificate, issuer);
  if (!report)
    return {
      verdict: "unknown",
      code: "signature-not-checked",
      subject,
      message: {
        en: `"${label}" is signed with ${algorithm}, which this check cannot verify.`,
        "zh-CN": `“${label}”的签名算法是 ${algorithm}，本检查无法验证。`,
      },
      observed: algorithm,
    };
  const evidence = signatureEvidence(certificate, issuer, report);
  const { observed, expected } = compared(report, issuer);
  if (!report.verified)
    return {
      verdict: "fail",
      code: "signature-mismatch",
      subject,
      message: {
        en: `The signature of "${label}" was not made with the key of "${issuer.label}": the certificate was altered, or another issuer has the same name.`,
        "zh-CN": `“${label}”的签名不是用“${issuer.label}”的密钥生成的：证书被改动过，或另有同名的签发者。`,
      },
      observed,
      expected,
      evidence,
    };
  return {
    verdict: "pass",
    code: "signature-matches",
    subject,
    message: signatureSentence(certificate, issuer, report),
    observed,
    expected,
    evidence,
  };
}

function compared(report: SignatureReport, issuer: Certificate): { observed: string; expected: string } {
  const { recovered, digest, verified } = report;
  const expected = digest ? `${digest.hash} ${digest.hex}` : `verifies with the key of "${issuer.label}"`;
  if (recovered) return { observed: `${recovered.hash ?? "unknown hash"} ${recovered.hex}`, expected };
  if (!verified) return { observed: "does not verify", expected };
  return { observed: digest ? `verified, ${expected}` : "verified", expected };
}

function signatureSentence(
  certificate: Certificate,
  issuer: Certificate,
  report: SignatureReport,
): Finding["message"] {
  const by = certificate === issuer || certificate.sha256 === issuer.sha256 ? null : issuer.label;
  const keyEn = by ? `the public key of "${by}"` : "its own public key";
  const keyZh = by ? `“${by}”的公钥` : "它自己的公钥";
  const { label } = certificate;
  if (report.recovered)
    return {
      en: `Opened with ${keyEn}, the signature of "${label}" holds the same digest as its signed part.`,
      "zh-CN": `用${keyZh}解开“${label}”的签名，得到的摘要与证书正文的摘要一致。`,
    };
  return {
    en: `The signature of "${label}" verifies with ${keyEn}. Only RSA PKCS#1 v1.5 holds a digest that can be recovered, so the signature was verified over the signed part instead.`,
    "zh-CN": `“${label}”的签名可以用${keyZh}验证通过。只有 RSA PKCS#1 v1.5 的签名能还原出摘要，所以这里直接对证书正文验证签名。`,
  };
}

function signatureEvidence(
  certificate: Certificate,
  issuer: Certificate,
  report: SignatureReport,
): Evidence[] {
  const evidence: Evidence[] = [
    { source: "signature algorithm", excerpt: certificate.algorithm },
    { source: "signature", excerpt: certificate.signature.toString("hex") },
    { source: "issuer's key", excerpt: `${keyText(issuer.key)} of ${issuer.subject}` },
  ];
  if (report.recovered)
    evidence.push({
      source: "DigestInfo recovered from the signature",
      excerpt: report.recovered.digestInfo,
    });
  if (report.ecdsa)
    evidence.push({ source: "r, s", excerpt: `r = ${report.ecdsa.r}\ns = ${report.ecdsa.s}` });
  evidence.push({
    source: "to-be-signed part",
    excerpt: `${certificate.toBeSigned.length} bytes${report.digest ? `, ${report.digest.hash} ${report.digest.hex}` : ""}`,
  });
  return evidence;
}

/** An issuer must be marked as an authority, or anybody with a certificate could sign more. */
export function authorityStep(issuer: Certificate, subject: Subject): Finding | null {
  if (issuer.isAuthority) return null;
  return {
    verdict: "fail",
    code: "issuer-not-authority",
    subject,
    message: {
      en: `"${issuer.label}" signed another certificate but is not marked as a certificate authority.`,
      "zh-CN": `“${issuer.label}”签发了别的证书，但它没有 CA 标记。`,
    },
    observed: "CA:FALSE",
    expected: "CA:TRUE",
  };
}
