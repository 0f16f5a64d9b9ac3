import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { type Certificate, MalformedCertificate, parseCertificate } from "./x509.ts";
import type { CertificatePath } from "./x509-path.ts";
import { readPemBlocks } from "./x509-pem.ts";

/** A parameter for trusted roots. Parameters are kept with the run and shown, so a private key is refused here. */
export const rootsPem = z
  .string()
  .max(1 << 18)
  .refine((pem) => !pem.includes("PRIVATE KEY-----"), "A private key does not belong here")
  .default("");

/** What the platform's verifier said of a live server. */
export type PlatformVerdict = { verified: boolean; error: string | null };

/** The certificates of a PEM text given as roots; those that cannot be read are counted, not thrown. */
export function readRoots(pem: string): { roots: Certificate[]; unreadable: number } {
  const roots: Certificate[] = [];
  let unreadable = 0;
  for (const block of readPemBlocks(pem)) {
    try {
      roots.push(parseCertificate(block.der));
    } catch (error) {
      if (!(error instanceof MalformedCertificate)) throw error;
      unreadable += 1;
    }
  }
  return { roots, unreadable };
}

/** Trust in a live server, by the verifier of the machine that asked it. */
export function platformTrustStep(
  built: CertificatePath,
  platform: PlatformVerdict,
  subject: Subject,
): Finding {
  const top = built.path.at(-1);
  const leaf = built.path[0];
  const observed = built.path.map((one) => one.label).join(" → ");
  const expected = "a path to a trusted root";
  if (platform.verified)
    return {
      verdict: "pass",
      code: "trusted",
      subject,
      message: {
        en: `The path ends in the trusted root "${top?.label ?? "unknown"}".`,
        "zh-CN": `证书路径终止于受信任的根“${top?.label ?? "未知"}”。`,
      },
      observed,
      expected,
    };
  const base = {
    verdict: "fail",
    subject,
    observed: `${observed} (${platform.error ?? "not verified"})`,
    expected,
  } as const;
  if (platform.error === "CERT_HAS_EXPIRED" || platform.error === "CERT_NOT_YET_VALID")
    return {
      ...base,
      code: "refused-for-dates",
      message: {
        en: `The verifier refused the path for its dates (${platform.error}) and looked no further.`,
        "zh-CN": `验证程序因有效期问题拒绝了该路径（${platform.error}），没有继续往下查。`,
      },
    };
  if (leaf && built.path.length === 1 && leaf.selfIssued)
    return {
      ...base,
      code: "self-signed",
      message: {
        en: `"${leaf.label}" signed itself and is not a trusted root.`,
        "zh-CN": `“${leaf.label}”是自签名证书，且不是受信任的根。`,
      },
    };
  if (leaf && built.path.length === 1) return { ...base, ...issuerMissing(leaf) };
  return {
    ...base,
    code: "not-trusted",
    message: {
      en: `No path to a trusted root: it stops at "${top?.label ?? "nothing"}", issued by "${top?.issuer ?? "nobody"}" (${platform.error ?? "not verified"}).`,
      "zh-CN": `找不到通向受信任根的路径：止于“${top?.label ?? "无"}”，其签发者是“${top?.issuer ?? "无"}”（${platform.error ?? "未通过验证"}）。`,
    },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "If the root is your own, give its PEM as a trusted root; otherwise have the server send the missing intermediate.",
          "zh-CN": "如果根证书是自建的，请把它的 PEM 填入受信任的根；否则让服务器发送缺失的中间证书。",
        },
      },
    ],
  };
}

function issuerMissing(leaf: Certificate): Pick<Finding, "code" | "message" | "evidence" | "remedy"> {
  const address = /CA Issuers - URI:(\S+)/.exec(leaf.x509.infoAccess ?? "")?.[1];
  return {
    code: "issuer-missing",
    message: {
      en: `The server sent "${leaf.label}" alone; the certificate of its issuer "${leaf.issuer}" was neither sent nor is it a trusted root.`,
      "zh-CN": `服务器只发送了“${leaf.label}”；其签发者“${leaf.issuer}”的证书既没有发送，也不是受信任的根。`,
    },
    ...(address
      ? { evidence: [{ source: "where the issuer's certificate is published", excerpt: address }] }
      : {}),
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "Append the intermediate certificates to the server's chain file, leaf first, and reload it. With a private root, give that root as trusted instead.",
          "zh-CN":
            "把中间证书追加到服务器的证书链文件（服务器证书在最前），然后重新加载。如果直接由私有根签发，请把该根填为受信任的根。",
        },
      },
    ],
  };
}

/** Trust in a text: only against roots that were given, since a text has no platform. */
export function givenTrustStep(
  built: CertificatePath,
  roots: Certificate[],
  linksHold: boolean,
  subject: Subject,
): Finding {
  const top = built.path.at(-1);
  const observed = built.path.map((one) => one.label).join(" → ");
  const anchored = top !== undefined && roots.some((root) => root.sha256 === top.sha256);
  if (roots.length > 0)
    return {
      verdict: anchored && linksHold ? "pass" : "fail",
      code: anchored && linksHold ? "trusted" : "not-trusted",
      subject,
      message:
        anchored && linksHold
          ? {
              en: `The path ends in the given root "${top.label}".`,
              "zh-CN": `证书路径终止于给定的根“${top.label}”。`,
            }
          : {
              en: `No sound path to a given root: it stops at "${top?.label ?? "nothing"}", issued by "${top?.issuer ?? "nobody"}".`,
              "zh-CN": `没有通向给定根的有效路径：止于“${top?.label ?? "无"}”，其签发者是“${top?.issuer ?? "无"}”。`,
            },
      observed,
      expected: roots.map((root) => root.label).join(" or "),
    };
  if (built.path.length === 1 && !built.reachesRoot)
    return {
      verdict: "unknown",
      code: "issuer-not-included",
      subject,
      message: {
        en: `The issuer of "${top?.label ?? ""}", "${top?.issuer ?? ""}", is not in the text, so its signature could not be checked. Paste the intermediate too, or give the root.`,
        "zh-CN": `文本中没有“${top?.label ?? ""}”的签发者“${top?.issuer ?? ""}”，无法检查签名。请把中间证书一起粘贴，或填写根证书。`,
      },
      observed,
    };
  return {
    verdict: "pass",
    code: built.reachesRoot ? "root-included" : "anchor-named",
    subject,
    message: built.reachesRoot
      ? {
          en: `The text goes up to the self-signed "${top?.label ?? ""}". Whether a client trusts it, a text cannot say.`,
          "zh-CN": `文本一直到自签名的“${top?.label ?? ""}”。客户端是否信任它，仅凭文本无法判断。`,
        }
      : {
          en: `A client needs "${top?.issuer ?? ""}" among its trusted roots; it is not in the text, and need not be.`,
          "zh-CN": `客户端需要信任“${top?.issuer ?? ""}”；它不在文本里，也不必在。`,
        },
    observed,
  };
}
