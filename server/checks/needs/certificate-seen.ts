import type { Seen } from "./certificate-map.ts";
import { type CertificateSummary, type ExpiryLimits, expiryOf, expiryWords } from "./certificate-summary.ts";

/** A use whose certificate was read: good until a day, or what is wrong with it. */
export function validUntil(
  certificate: Pick<CertificateSummary, "notAfter"> & { notBefore?: string },
  now: Date,
  limits: ExpiryLimits,
): Seen {
  const expiry = expiryOf(certificate, now, limits);
  const day = certificate.notAfter.slice(0, 10);
  const said =
    expiry.verdict === "pass" ? { en: `until ${day}`, "zh-CN": `有效期至 ${day}` } : expiryWords(expiry);
  return { verdict: expiry.verdict, said };
}
