import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { expiryParams, serverNameSchema } from "../needs/certificate-params.ts";
import { document } from "../needs/document.ts";
import { param } from "../needs/param.ts";
import { type Certificate, MalformedCertificate, parseCertificate } from "../needs/x509.ts";
import { buildPath, findLeaf } from "../needs/x509-path.ts";
import { isCertificateLabel, isPrivateKeyLabel, type PemBlock, readPemBlocks } from "../needs/x509-pem.ts";
import { certificateSubject } from "../needs/x509-steps.ts";
import { givenTrustStep, readRoots, rootsPem } from "../needs/x509-trust.ts";
import { nameStep, orderSteps, purposeStep, walkPath } from "../needs/x509-walk.ts";

const subject: Subject = { kind: "document", name: "PEM" };

export const check = defineCheck({
  id: "document/pem-chain",
  version: 1,
  title: { en: "A pasted PEM chain, step by step", "zh-CN": "逐步验证粘贴的 PEM 证书链" },
  why: {
    en: "A chain file is wrong in ways a text editor does not show: order, a missing intermediate, a certificate of last year, a key where none belongs.",
    "zh-CN": "证书链文件的错误在编辑器里看不出来：顺序不对、缺中间证书、用了去年的证书，或者混进了私钥。",
  },
  remedy: {
    en: "Write the chain file anew: the server's certificate first, then each issuer after the one it signed, no key.",
    "zh-CN": "重新写证书链文件：服务器证书在最前，随后依次是签发者，不要包含私钥。",
  },
  params: z.object({
    serverName: param(serverNameSchema, {
      label: { en: "Server name", "zh-CN": "服务器名称" },
      help: {
        en: "The name the certificate must be for. Empty: not checked.",
        "zh-CN": "证书必须覆盖的名称。留空则不检查。",
      },
    }),
    trustPem: param(rootsPem, {
      label: { en: "Trusted roots (PEM)", "zh-CN": "受信任的根（PEM）" },
      multiline: true,
    }),
    ...expiryParams,
  }),
  needs: { text: document.text() },
  judge: ({ text }, params, { observedAt }) => {
    const blocks = readPemBlocks(text);
    const keys = blocks.filter((block) => isPrivateKeyLabel(block.label)).map(privateKey);
    const read = blocks.filter((block) => isCertificateLabel(block.label)).map(readBlock);
    const broken = read.flatMap((one) => ("finding" in one ? [one.finding] : []));
    const presented = read.flatMap((one) => ("certificate" in one ? [one] : []));
    if (presented.length === 0 && keys.length + broken.length === 0)
      return {
        skip: { what: "PEM certificates in the text", detail: "no BEGIN CERTIFICATE line was found" },
      };
    const chain = presented.length > 0 ? chainFindings(presented, params, observedAt) : [];
    return {
      findings: [...keys, ...broken, ...chain],
      measurements: [{ name: "certificates", value: presented.length, unit: "{certificates}" }],
    };
  },
});

type Presented = { block: PemBlock; certificate: Certificate };
type Params = { serverName: string; trustPem: string; warnDays: number; failDays: number };

function chainFindings(presented: Presented[], params: Params, now: Date): Finding[] {
  const certificates = presented.map((one) => one.certificate);
  const { roots, unreadable } = readRoots(params.trustPem);
  const leaf = findLeaf(certificates);
  const built = buildPath(certificates, roots, leaf);
  if (!leaf) return [];
  const place = (index: number) => {
    const line = presented[index]?.block.line ?? 0;
    return { en: `line ${line}`, "zh-CN": `第 ${line} 行` };
  };
  const leafSubject = certificateSubject(subject, built.path, 0);
  const steps = walkPath(built, subject, { now, warnDays: params.warnDays, failDays: params.failDays });
  const linksHold = !steps.some(
    (step) => step.code === "signature-mismatch" || step.code === "issuer-not-authority",
  );
  const purpose = purposeStep(leaf, leafSubject);
  return [
    foundStep(presented),
    ...(unreadable > 0 ? [rootUnreadable(unreadable)] : []),
    ...orderSteps(certificates, built, subject, place),
    ...steps,
    ...(params.serverName ? [nameStep(leaf, params.serverName, leafSubject)] : []),
    ...(purpose ? [purpose] : []),
    givenTrustStep(built, roots, linksHold, subject),
  ];
}

function readBlock(block: PemBlock): Presented | { finding: Finding } {
  if (block.endLine !== null) {
    try {
      return { block, certificate: parseCertificate(block.der) };
    } catch (error) {
      if (!(error instanceof MalformedCertificate)) throw error;
    }
  }
  const why =
    block.endLine === null
      ? { en: "has no END line", "zh-CN": "没有 END 行" }
      : { en: "is not a certificate inside", "zh-CN": "内容不是证书" };
  return {
    finding: {
      verdict: "fail",
      code: "block-unreadable",
      subject: { ...subject, part: `line ${block.line}` },
      message: {
        en: `The block that begins on line ${block.line} ${why.en}.`,
        "zh-CN": `第 ${block.line} 行开始的块${why["zh-CN"]}。`,
      },
      observed: block.label,
      expected: "a complete CERTIFICATE block",
    },
  };
}

function privateKey(block: PemBlock): Finding {
  return {
    verdict: "fail",
    code: "private-key-pasted",
    subject: { ...subject, part: `line ${block.line}` },
    message: {
      en: `Line ${block.line} begins a private key. It has now been pasted into a web form: treat it as known to others, make a new key and have the certificate reissued.`,
      "zh-CN": `第 ${block.line} 行开始是一把私钥。它已经被粘贴到网页表单中，应视为泄露：请生成新密钥并重新签发证书。`,
    },
    observed: block.label,
    expected: "certificates only",
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Make a new key and a request for a new certificate, then have the old certificate revoked",
          "zh-CN": "生成新密钥和新的证书请求，然后吊销旧证书",
        },
        command: "openssl req -new -newkey rsa:2048 -nodes -keyout new.key -out new.csr",
      },
    ],
  };
}

function rootUnreadable(count: number): Finding {
  return {
    verdict: "unknown",
    code: "root-unreadable",
    subject: { ...subject, part: "trusted roots" },
    message: {
      en: `${count} of the given roots could not be read and took no part.`,
      "zh-CN": `给定的根中有 ${count} 个无法解析，未参与验证。`,
    },
  };
}

function foundStep(presented: Presented[]): Finding {
  return {
    verdict: "pass",
    code: "chain-found",
    subject,
    message: {
      en: `The text holds ${presented.length} ${presented.length === 1 ? "certificate" : "certificates"}.`,
      "zh-CN": `文本中有 ${presented.length} 张证书。`,
    },
    evidence: presented.map(({ block, certificate }) => ({
      source: `lines ${block.line}–${block.endLine ?? block.line}`,
      excerpt: `subject ${certificate.subject}\nissuer ${certificate.issuer}\nserial ${certificate.serial}\nsha256 ${certificate.sha256}`,
    })),
  };
}
