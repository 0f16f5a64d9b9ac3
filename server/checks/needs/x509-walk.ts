import type { Finding, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import { type Certificate, subjectAltNames } from "./x509.ts";
import type { CertificatePath } from "./x509-path.ts";
import {
  authorityStep,
  certificateSubject,
  type DateLimits,
  dateStep,
  hashStep,
  keyStep,
  signatureStep,
} from "./x509-steps.ts";

/** Signature, hash, dates and key of every certificate of a path; links whose issuer is known only. */
export function walkPath(built: CertificatePath, of: Subject, limits: DateLimits): Finding[] {
  return built.path.flatMap((certificate, index) => {
    const subject = certificateSubject(of, built.path, index);
    const issuer = built.path[index + 1] ?? (certificate.selfIssued ? certificate : undefined);
    const findings: Finding[] = [];
    if (issuer) findings.push(signatureStep(certificate, issuer, subject));
    // What a root says of itself proves nothing, so the strength of its own hash does not matter.
    if (!certificate.selfIssued) findings.push(hashStep(certificate, subject));
    const authority = index > 0 ? authorityStep(certificate, subject) : null;
    if (authority) findings.push(authority);
    findings.push(dateStep(certificate, subject, limits), keyStep(certificate, subject));
    return findings;
  });
}

/** Addresses are matched with the certificate's addresses only, never with its DNS names. */
const isAddress = /:|^\d+(\.\d+){3}$/;

export function nameStep(leaf: Certificate, serverName: string, subject: Subject): Finding {
  const names = subjectAltNames(leaf.x509);
  const matches = isAddress.test(serverName)
    ? leaf.x509.checkIP(serverName) !== undefined
    : leaf.x509.checkHost(serverName, { subject: "never" }) !== undefined;
  const base = { subject, observed: names.join(", ") || "no subject alternative name", expected: serverName };
  if (matches)
    return {
      ...base,
      verdict: "pass",
      code: "name-matches",
      message: { en: `The certificate is for ${serverName}.`, "zh-CN": `证书覆盖 ${serverName}。` },
    };
  if (names.length === 0)
    return {
      ...base,
      verdict: "fail",
      code: "name-missing",
      message: {
        en: `The certificate has no subject alternative name; clients no longer look at its common name "${leaf.label}".`,
        "zh-CN": `证书没有 Subject Alternative Name；客户端早已不看 Common Name（“${leaf.label}”）。`,
      },
    };
  return {
    ...base,
    verdict: "fail",
    code: "name-mismatch",
    message: {
      en: `The certificate is not for ${serverName}: none of its names match.`,
      "zh-CN": `证书不覆盖 ${serverName}：其中没有匹配的名称。`,
    },
  };
}

/** A leaf limited to other purposes than serving is refused by clients. */
export function purposeStep(leaf: Certificate, subject: Subject): Finding | null {
  const purposes = leaf.x509.keyUsage ?? [];
  const serverAuth = "1.3.6.1.5.5.7.3.1";
  const any = "2.5.29.37.0";
  if (purposes.length === 0 || purposes.includes(serverAuth) || purposes.includes(any)) return null;
  return {
    verdict: "fail",
    code: "purpose-not-server",
    subject,
    message: {
      en: `The certificate of "${leaf.label}" is not made for servers.`,
      "zh-CN": `“${leaf.label}”的证书不能用于服务器。`,
    },
    observed: purposes.join(", "),
    expected: `extended key usage ${serverAuth} (serverAuth)`,
  };
}

/** Order and surplus of what was presented. `place` says where a certificate stands, for people. */
export function orderSteps(
  presented: Certificate[],
  built: CertificatePath,
  subject: Subject,
  place: (index: number) => Text,
): Finding[] {
  const findings: Finding[] = [];
  const list = presented.map((one, index) => `${place(index).en}: ${one.subject}`).join("\n");
  const evidence = [{ source: "certificates as presented", excerpt: list }];
  const expected = built.path.map((one) => one.label).join(" → ");
  const observed = presented.map((one) => one.label).join(" → ");
  if (built.inOrder && presented.length > 1)
    findings.push({
      verdict: "pass",
      code: "chain-in-order",
      subject,
      message: {
        en: "The certificates stand in order, each followed by its issuer.",
        "zh-CN": "证书顺序正确，每张证书后面就是它的签发者。",
      },
      observed,
      evidence,
    });
  if (!built.inOrder)
    findings.push({
      verdict: "warn",
      code: "chain-out-of-order",
      subject,
      message: {
        en: "The certificates are out of order. Many clients sort them; some, among them older and embedded ones, give up.",
        "zh-CN": "证书顺序不对。多数客户端会自行排序，但部分旧客户端和嵌入式客户端会直接失败。",
      },
      observed,
      expected,
      evidence,
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Put the server's certificate first in the chain file, then each issuer after the one it signed; reload the server.",
            "zh-CN": "在证书链文件中先放服务器证书，再依次放签发者，然后重新加载服务。",
          },
        },
      ],
    });
  for (const index of built.unused) {
    const extra = presented[index];
    if (!extra) continue;
    findings.push({
      verdict: "warn",
      code: "extra-certificate",
      subject: { ...subject, part: extra.label },
      message: {
        en: `"${extra.label}" (${place(index).en}) is no part of the path and only costs bytes in every handshake.`,
        "zh-CN": `“${extra.label}”（${place(index)["zh-CN"]}）不在证书路径上，只会让每次握手多传数据。`,
      },
      observed: extra.subject,
    });
  }
  return findings;
}
