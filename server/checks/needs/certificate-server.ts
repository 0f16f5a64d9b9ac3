import type { Finding, Subject } from "#common/result.ts";
import {
  type CertificateSummary,
  type ExpiryLimits,
  expiryOf,
  expiryWords,
  summariseDer,
} from "./certificate-summary.ts";
import type { TlsHandshake } from "./tls.ts";
import { MalformedCertificate } from "./x509.ts";

/** The API server's own certificate and this credential's, the two ends of the connection in hand. */

export function servingOf(handshake: TlsHandshake): CertificateSummary | null {
  const [leaf] = handshake.sent;
  try {
    return leaf === undefined ? null : summariseDer(Buffer.from(leaf, "base64"));
  } catch (error) {
    if (error instanceof MalformedCertificate) return null;
    throw error;
  }
}

export function servingFindings(
  handshake: TlsHandshake,
  serving: CertificateSummary,
  now: Date,
  limits: ExpiryLimits,
): Finding[] {
  const subject: Subject = { kind: "endpoint", name: handshake.endpoint };
  const inspect = {
    purpose: "inspect" as const,
    text: { en: "See what the API server presents.", "zh-CN": "查看 API 服务器出示的证书。" },
    command: `openssl s_client -connect ${handshake.endpoint} -servername ${handshake.serverName} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`,
  };
  const expiry = expiryOf(serving, now, limits);
  const words = expiryWords(expiry);
  const findings: Finding[] = [];
  if (expiry.verdict !== "pass")
    findings.push({
      verdict: expiry.verdict,
      code: `api-server-${expiry.code}`,
      subject,
      message: {
        en: `The serving certificate of the API server ("${serving.label}") ${words.en}. ${expiry.code === "not-yet-valid" ? "Until it is, no client and no kubelet can talk to it: compare the clocks of both sides." : "After that no client and no kubelet can talk to it."}`,
        "zh-CN": `API 服务器的服务证书（“${serving.label}”）${words["zh-CN"]}。${expiry.code === "not-yet-valid" ? "生效之前所有客户端和 kubelet 都无法与它通信，先核对两边的时钟。" : "到期后所有客户端和 kubelet 都无法与它通信。"}`,
      },
      observed: `${serving.notBefore} – ${serving.notAfter}`,
      expected: { en: `more than ${limits.warnDays} days left`, "zh-CN": `剩余超过 ${limits.warnDays} 天` },
      remedy: [inspect, ...renew],
    });
  const byDates = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"].includes(handshake.verifyError ?? "");
  if (handshake.verifiedChain === null && !byDates)
    findings.push({
      verdict: "fail",
      code: "api-server-not-trusted",
      subject,
      message: {
        en: `The API server's certificate "${serving.label}", issued by "${serving.issuer}", leads to none of the authorities in the kubeconfig.`,
        "zh-CN": `API 服务器的证书“${serving.label}”由“${serving.issuer}”签发，与 kubeconfig 中的任何 CA 都对不上。`,
      },
      observed: handshake.verifyError ?? "not verified",
      expected: {
        en: "a path to the authority in the kubeconfig",
        "zh-CN": "能追溯到 kubeconfig 里 CA 的证书链",
      },
      remedy: [inspect],
    });
  return findings;
}

const renew: NonNullable<Finding["remedy"]> = [
  {
    purpose: "fix",
    text: {
      en: "With kubeadm, on each control plane node in turn: renew, then let the static pod start anew. Managed services renew it themselves: ask the provider.",
      "zh-CN":
        "kubeadm 集群请逐个在控制面节点上续期，然后让静态 Pod 重新启动。托管集群由服务商负责续期，请联系服务商。",
    },
    command:
      "sudo kubeadm certs renew apiserver && sudo crictl pods --name kube-apiserver --quiet | xargs --no-run-if-empty sudo crictl stopp",
  },
  {
    purpose: "verify",
    text: { en: "The new end is listed.", "zh-CN": "列表中显示新的到期时间。" },
    command: "sudo kubeadm certs check-expiration",
  },
];

export function credentialFindings(
  identity: {
    name: string;
    method: "token" | "client-certificate";
    expiresAt: string | null;
    issuer: string | null;
  },
  now: Date,
  limits: ExpiryLimits,
): Finding[] {
  if (identity.method !== "client-certificate" || !identity.expiresAt) return [];
  const expiry = expiryOf({ notAfter: identity.expiresAt }, now, limits);
  if (expiry.verdict === "pass") return [];
  const words = expiryWords(expiry);
  return [
    {
      verdict: expiry.verdict,
      code: `credential-${expiry.code}`,
      subject: { kind: "User", name: identity.name },
      message: {
        en: `The client certificate that this connection signs in with ${words.en}; checks of this cluster end with it.`,
        "zh-CN": `本连接登录所用的客户端证书${words["zh-CN"]}；到期后就无法再检查这个集群。`,
      },
      observed: identity.expiresAt,
      expected: { en: `more than ${limits.warnDays} days left`, "zh-CN": `剩余超过 ${limits.warnDays} 天` },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Issue a new one and replace the credential of the connection; a ServiceAccount's token does as well.",
            "zh-CN": "签发新证书并替换该连接的凭据；也可以改用 ServiceAccount 令牌。",
          },
        },
      ],
    },
  ];
}
