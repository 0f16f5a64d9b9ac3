import type { Finding, Subject } from "#common/result.ts";
import { isUnread, type Unread } from "./need.ts";

/** Who issues the tokens of ServiceAccounts, and how many keys there are to verify them by. */

export function parseIssuer({ text }: { text: string }): string {
  const { issuer } = JSON.parse(text) as { issuer?: unknown };
  return typeof issuer === "string" ? issuer : "";
}

export function parseKeyCount({ text }: { text: string }): number {
  const { keys } = JSON.parse(text) as { keys?: unknown };
  return Array.isArray(keys) ? keys.length : 0;
}

export function issuerFindings(issuer: string | Unread, keys: number | Unread, endpoint: Subject): Finding[] {
  if (isUnread(keys) || keys > 0) return [];
  const name = isUnread(issuer) ? "" : ` ${issuer}`;
  return [
    {
      verdict: "fail",
      code: "issuer-without-keys",
      subject: { ...endpoint, part: "ServiceAccount issuer" },
      message: {
        en: `The issuer${name} publishes no public key: nobody outside the API server can verify a ServiceAccount's token.`,
        "zh-CN": `签发者${name}没有公布公钥：API 服务器之外没有人能验证 ServiceAccount 令牌。`,
      },
      observed: { en: "0 keys", "zh-CN": "0 个密钥" },
      expected: { en: "at least 1 key", "zh-CN": "至少 1 个密钥" },
      remedy: [
        {
          purpose: "inspect",
          text: { en: "Read what is published.", "zh-CN": "查看公布的内容。" },
          command: "kubectl get --raw /openid/v1/jwks",
        },
      ],
    },
  ];
}
