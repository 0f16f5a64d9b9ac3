import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { expiryParams, serverNameSchema } from "../needs/certificate-params.ts";
import { param } from "../needs/param.ts";
import { type TlsHandshake, tls } from "../needs/tls.ts";
import { type Certificate, MalformedCertificate, parseCertificate } from "../needs/x509.ts";
import { buildPath } from "../needs/x509-path.ts";
import { certificateSubject } from "../needs/x509-steps.ts";
import { platformTrustStep, rootsPem } from "../needs/x509-trust.ts";
import { nameStep, orderSteps, purposeStep, walkPath } from "../needs/x509-walk.ts";

const endpointPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?):([0-9]{1,5})$/;

function parseEndpoint(text: string): { host: string; port: number } | null {
  const match = endpointPattern.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match?.[1] || port < 1 || port > 65_535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

export const check = defineCheck({
  id: "endpoint/tls-certificate",
  version: 1,
  title: { en: "A server's certificate, step by step", "zh-CN": "逐步验证服务器证书" },
  why: {
    en: "A certificate fails in one of few ways: it ran out, it is for another name, its issuer was not sent, nobody trusts the root, or a signature does not hold. Clients report most of them with the same words.",
    "zh-CN":
      "证书出问题的方式并不多：过期、名称不符、没有发送签发者、根不受信任、签名不成立。而客户端对其中大多数给出的报错几乎一样。",
  },
  remedy: {
    en: "Renew or reissue the certificate, put leaf and intermediates into the chain file in that order, and reload the server.",
    "zh-CN": "续期或重新签发证书，按“服务器证书、中间证书”的顺序写入证书链文件，然后重新加载服务。",
  },
  params: z.object({
    endpoint: param(
      z
        .string()
        .trim()
        .refine((text) => text === "" || parseEndpoint(text) !== null, "host:port")
        .default(""),
      {
        label: { en: "Address", "zh-CN": "地址" },
        help: {
          en: "Host and port of a TLS server. Empty: the API server and every registered endpoint that speaks TLS.",
          "zh-CN": "TLS 服务器的主机和端口。留空则检查 API 服务器和所有登记的 TLS 端点。",
        },
        placeholder: "example.com:443",
      },
    ),
    serverName: param(serverNameSchema, {
      label: { en: "Server name", "zh-CN": "服务器名称" },
      help: {
        en: "The name to ask for and to find in the certificate. Empty: the host of the address.",
        "zh-CN": "握手时请求、并要求证书覆盖的名称。留空则使用地址中的主机。",
      },
    }),
    trustPem: param(rootsPem, {
      label: { en: "Trusted roots (PEM)", "zh-CN": "受信任的根（PEM）" },
      help: { en: "Beside the roots of the system.", "zh-CN": "在系统自带的根之外追加。" },
      multiline: true,
    }),
    ...expiryParams,
  }),
  needs: (params) => ({
    handshake: tls.handshake(parseEndpoint(params.endpoint), {
      ...(params.serverName ? { serverName: params.serverName } : {}),
      ...(params.trustPem.trim() ? { extraRootsPem: params.trustPem } : {}),
    }),
  }),
  judge: ({ handshake }, params, { observedAt }) => {
    const subject: Subject = { kind: "endpoint", name: handshake.endpoint };
    const sent = readSent(handshake);
    if (!sent) return { findings: [unreadable(handshake, subject)] };
    const verified = (handshake.verifiedChain ?? []).map((der) =>
      parseCertificate(Buffer.from(der, "base64")),
    );
    const built = buildPath(sent, verified);
    const leaf = sent[0];
    if (!leaf) return { findings: [unreadable(handshake, subject)] };
    const leafSubject = certificateSubject(subject, built.path, 0);
    const purpose = purposeStep(leaf, leafSubject);
    const findings: Finding[] = [
      sentStep(handshake, sent, subject),
      ...(handshake.sentIsReconstructed
        ? [orderNotVisible(subject)]
        : orderSteps(sent, built, subject, placeOf)),
      ...walkPath(built, subject, { now: observedAt, warnDays: params.warnDays, failDays: params.failDays }),
      nameStep(leaf, handshake.serverName, leafSubject),
      ...(purpose ? [purpose] : []),
      platformTrustStep(
        built,
        { verified: handshake.verifiedChain !== null, error: handshake.verifyError },
        subject,
      ),
    ];
    return {
      findings: findings.map((finding) => withInspection(finding, handshake)),
      measurements: [
        { name: "handshake", subject: handshake.endpoint, value: handshake.handshakeMs, unit: "ms" },
        { name: "certificatesSent", subject: handshake.endpoint, value: sent.length, unit: "{certificates}" },
        {
          name: "daysLeft",
          subject: handshake.endpoint,
          value: Math.floor((leaf.notAfter.getTime() - observedAt.getTime()) / 86_400_000),
          unit: "d",
          warn: { below: params.warnDays },
          fail: { below: params.failDays },
        },
      ],
    };
  },
});

const placeOf = (index: number) => ({ en: `#${index + 1}`, "zh-CN": `第 ${index + 1} 张` });

function orderNotVisible(subject: Subject): Finding {
  return {
    verdict: "unknown",
    code: "chain-order-not-visible",
    subject,
    message: {
      en: "The handshake could not be read back, so the order in which the certificates were sent is not known.",
      "zh-CN": "无法还原握手内容，因此不知道证书的发送顺序。",
    },
  };
}

function readSent(handshake: TlsHandshake): Certificate[] | null {
  try {
    const sent = handshake.sent.map((der) => parseCertificate(Buffer.from(der, "base64")));
    return sent.length > 0 ? sent : null;
  } catch (error) {
    if (error instanceof MalformedCertificate) return null;
    throw error;
  }
}

function unreadable(handshake: TlsHandshake, subject: Subject): Finding {
  return {
    verdict: "fail",
    code: "certificate-unreadable",
    subject,
    message: {
      en: "The server sent no certificate that can be read.",
      "zh-CN": "服务器没有发送可以解析的证书。",
    },
    observed: `${handshake.sent.length} certificates`,
    expected: "at least the server's own certificate",
  };
}

function sentStep(handshake: TlsHandshake, sent: Certificate[], subject: Subject): Finding {
  const { protocol, cipher, address } = handshake;
  return {
    verdict: "pass",
    code: "chain-sent",
    subject,
    message: {
      en: `${address} answered with ${protocol} and sent ${sent.length} ${sent.length === 1 ? "certificate" : "certificates"}.`,
      "zh-CN": `${address} 以 ${protocol} 应答，发送了 ${sent.length} 张证书。`,
    },
    observed: `${protocol}, ${cipher}`,
    evidence: sent.map((one, index) => ({
      source: `certificate #${index + 1}`,
      excerpt: `subject ${one.subject}\nissuer ${one.issuer}\nserial ${one.serial}\nsha256 ${one.sha256}`,
    })),
  };
}

function withInspection(finding: Finding, handshake: TlsHandshake): Finding {
  if (finding.verdict === "pass") return finding;
  return {
    ...finding,
    remedy: [
      {
        purpose: "inspect",
        text: { en: "See what the server sends", "zh-CN": "查看服务器发送的内容" },
        command: `openssl s_client -connect ${handshake.endpoint} -servername ${handshake.serverName} -showcerts </dev/null`,
      },
      ...(finding.remedy ?? []),
    ],
  };
}
