import type { Text } from "#common/text.ts";
import { MalformedCertificate, parseCertificate } from "./x509.ts";
import { isCertificateLabel, readPemBlocks } from "./x509-pem.ts";

/** What a map of certificates keeps of one: enough to name it, to date it and to tell it from another. */
export type CertificateSummary = {
  label: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
  sha256: string;
};
/** What is in a PEM text. `broken` counts blocks that are no certificates; other blocks are passed over. */
export type BundleSummary = { certificates: CertificateSummary[]; broken: number };

export function summariseDer(der: Buffer): CertificateSummary {
  const { label, issuer, notBefore, notAfter, sha256 } = parseCertificate(der);
  return { label, issuer, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString(), sha256 };
}

export function summarisePem(pem: string): BundleSummary {
  const bundle: BundleSummary = { certificates: [], broken: 0 };
  for (const { label, der } of readPemBlocks(pem)) {
    if (!isCertificateLabel(label)) continue;
    try {
      bundle.certificates.push(summariseDer(der));
    } catch (error) {
      if (!(error instanceof MalformedCertificate)) throw error;
      bundle.broken += 1;
    }
  }
  return bundle;
}

/** A field that holds PEM in base64, as caBundle does. */
export function summariseBase64(text: string): BundleSummary {
  return summarisePem(Buffer.from(text, "base64").toString("utf8"));
}

export type ExpiryLimits = { warnDays: number; failDays: number };
type Dated = Pick<CertificateSummary, "notAfter"> & { notBefore?: string };
type Expiry = { verdict: "pass" | "warn" | "fail"; code: string; daysLeft: number };

const dayMs = 86_400_000;

/**
 * When a certificate ends, and whether that is soon. One that lives for days or weeks is renewed all the time: it is
 * late only in the last fifth of its life, and in trouble in the last tenth.
 */
export function expiryOf(certificate: Dated, now: Date, limits: ExpiryLimits): Expiry {
  const end = Date.parse(certificate.notAfter);
  const begin = certificate.notBefore === undefined ? undefined : Date.parse(certificate.notBefore);
  const left = (end - now.getTime()) / dayMs;
  const life = begin === undefined ? Number.POSITIVE_INFINITY : (end - begin) / dayMs;
  const daysLeft = Math.floor(left);
  if (left <= 0) return { verdict: "fail", code: "expired", daysLeft };
  if (begin !== undefined && begin > now.getTime())
    return { verdict: "fail", code: "not-yet-valid", daysLeft };
  if (left <= Math.min(limits.failDays, life / 10))
    return { verdict: "fail", code: "expires-soon", daysLeft };
  if (left <= Math.min(limits.warnDays, life / 5)) return { verdict: "warn", code: "expires-soon", daysLeft };
  return { verdict: "pass", code: "valid", daysLeft };
}

/** "expired 3 days ago", "expires in 5 days", as the middle of a sentence. */
export function expiryWords({ code, daysLeft }: Expiry): Text {
  const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);
  if (code === "expired" && daysLeft === -1)
    return { en: "expired less than a day ago", "zh-CN": "已过期不到 1 天" };
  if (code === "expired")
    return { en: `expired ${days(-daysLeft - 1)} ago`, "zh-CN": `已过期 ${-daysLeft - 1} 天` };
  if (code === "not-yet-valid") return { en: "is not valid yet", "zh-CN": "尚未生效" };
  if (daysLeft === 0) return { en: "expires within a day", "zh-CN": "不到 1 天就过期" };
  return { en: `expires in ${days(daysLeft)}`, "zh-CN": `还有 ${daysLeft} 天过期` };
}

/** Of a bundle that is trusted as a whole, the certificate that keeps it alive longest. */
export function latestOf(bundle: BundleSummary): CertificateSummary | undefined {
  return bundle.certificates.toSorted((a, b) => Date.parse(b.notAfter) - Date.parse(a.notAfter))[0];
}
