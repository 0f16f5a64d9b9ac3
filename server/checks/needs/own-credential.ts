import type { Finding, Subject } from "#common/result.ts";
import { type ExpiryLimits, expiryOf, expiryWords } from "./certificate-summary.ts";

/** What there is to say about the credential in hand: how long it lasts, and how much it may. */

export type Identity = {
  name: string;
  groups: readonly string[];
  method: "token" | "client-certificate";
  expiresAt: string | null;
  issuer: string | null;
};

export function credentialFindings(
  identity: Identity,
  mayEverything: boolean | undefined,
  now: Date,
  limits: ExpiryLimits,
): Finding[] {
  const subject: Subject = { kind: "User", name: identity.name };
  return [
    ...ends(identity, subject, now, limits),
    ...(identity.groups.includes("system:masters")
      ? [isMaster(subject)]
      : mayEverything
        ? [mayAll(subject)]
        : []),
  ];
}

function ends(identity: Identity, subject: Subject, now: Date, limits: ExpiryLimits): Finding[] {
  const isToken = identity.method === "token";
  const kind = isToken
    ? { en: "token", "zh-CN": "令牌" }
    : { en: "client certificate", "zh-CN": "客户端证书" };
  if (identity.expiresAt === null) {
    // An opaque token says nothing of its end; one that names its issuer would say it.
    if (!isToken || identity.issuer === null) return [];
    return [
      {
        verdict: "warn",
        code: "token-without-end",
        subject,
        message: {
          en: `The token that this connection signs in with never ends (issuer ${identity.issuer}).`,
          "zh-CN": `本连接登录所用的令牌永不过期（签发者 ${identity.issuer}）。`,
        },
        observed: { en: "no exp", "zh-CN": "没有 exp" },
        expected: { en: "a token by TokenRequest", "zh-CN": "用 TokenRequest 签发的令牌" },
        remedy: [renewToken],
      },
    ];
  }
  const expiry = expiryOf({ notAfter: identity.expiresAt }, now, limits);
  if (expiry.verdict === "pass") return [];
  const words = expiryWords(expiry);
  return [
    {
      verdict: expiry.verdict,
      code: `credential-${expiry.code}`,
      subject,
      message: {
        en: `The ${kind.en} that this connection signs in with ${words.en}.`,
        "zh-CN": `本连接登录所用的${kind["zh-CN"]}${words["zh-CN"]}。`,
      },
      observed: identity.expiresAt,
      expected: { en: `more than ${limits.warnDays} days left`, "zh-CN": `剩余超过 ${limits.warnDays} 天` },
      remedy: isToken ? [renewToken] : [],
    },
  ];
}

const renewToken = {
  purpose: "fix" as const,
  text: {
    en: "Ask for a token that ends, and store it as the connection's credential.",
    "zh-CN": "申请一个有期限的令牌，并保存为该连接的凭据。",
  },
};

function isMaster(subject: Subject): Finding {
  return {
    verdict: "warn",
    code: "credential-in-masters",
    subject,
    message: {
      en: "This credential is in the group system:masters: no role can take anything from it, and it can be withdrawn by nothing but a new authority.",
      "zh-CN": "当前凭据属于 system:masters 组：任何角色都限制不了它，除了更换 CA，没有办法收回。",
    },
    observed: "system:masters",
    expected: { en: "a ServiceAccount with a role that reads", "zh-CN": "只有读取角色的 ServiceAccount" },
  };
}

function mayAll(subject: Subject): Finding {
  return {
    verdict: "warn",
    code: "credential-may-everything",
    subject,
    message: {
      en: "This credential may do everything in the whole cluster; to look, it needs to read.",
      "zh-CN": "当前凭据在整个集群里什么都能做；而检查只需要读取权限。",
    },
    observed: "* on *.*",
    expected: "get, list, watch",
  };
}
