import type { Secret, ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { compare } from "./owners.ts";

/** Tokens of ServiceAccounts that are kept in Secrets and never end. Of Secrets no value is read, only whose it is. */

export type LastingToken = { namespace: string; secret: string; account: string; lastUsed?: string };

export function pickTokenSecret({ metadata, type }: Secret): LastingToken | undefined {
  if (type !== "kubernetes.io/service-account-token") return undefined;
  const lastUsed = metadata?.labels?.["kubernetes.io/legacy-token-last-used"];
  return {
    namespace: metadata?.namespace ?? "",
    secret: metadata?.name ?? "",
    account: metadata?.annotations?.["kubernetes.io/service-account.name"] ?? "",
    ...(lastUsed && { lastUsed }),
  };
}

/** Before 1.24 each ServiceAccount got one and named it; so it is known without reading a Secret. */
export function pickNamedToken({ metadata, secrets }: ServiceAccount): LastingToken[] | undefined {
  const { namespace = "", name = "" } = metadata ?? {};
  const tokens = (secrets ?? []).flatMap(({ name: secret = "" }) =>
    secret.startsWith(`${name}-token-`) ? [{ namespace, secret, account: name }] : [],
  );
  return tokens.length > 0 ? tokens : undefined;
}

/** One finding per namespace: these came and go together. */
export function tokenFindings(tokens: readonly LastingToken[]): Finding[] {
  const groups = Map.groupBy(tokens, ({ namespace }) => namespace);
  return [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([namespace, found]) => {
      const sorted = found.toSorted((a, b) => compare(a.secret, b.secret));
      const accounts = [...new Set(sorted.map(({ account }) => account))];
      const names = accounts.slice(0, 5).join(", ");
      const used = sorted
        .flatMap(({ lastUsed }) => lastUsed ?? [])
        .toSorted()
        .at(-1);
      return {
        verdict: "warn",
        code: "lasting-token",
        subject: { kind: "Namespace", name: namespace },
        affected: {
          count: sorted.length,
          sample: sorted.slice(0, 50).map(({ secret }) => ({ kind: "Secret", namespace, name: secret })),
        },
        message: {
          en: `${sorted.length === 1 ? "1 Secret" : `${sorted.length} Secrets`} in ${namespace} ${sorted.length === 1 ? "holds" : "hold"} a ServiceAccount's token that never ends (${names}): whoever has read it once can sign in until it is deleted.`,
          "zh-CN": `${namespace} 中有 ${sorted.length} 个 Secret 存着永不过期的 ServiceAccount 令牌（${names}）：只要被人读到过一次，在删除之前就一直可以登录。`,
        },
        observed: used
          ? { en: `last used ${used}`, "zh-CN": `上次使用：${used}` }
          : { en: "no end", "zh-CN": "永不过期" },
        expected: { en: "tokens by TokenRequest, which end", "zh-CN": "用 TokenRequest 签发、会过期的令牌" },
        remedy: [
          {
            purpose: "inspect",
            text: {
              en: "Since 1.28 a label says when each was last used; without it, nobody has since the label exists.",
              "zh-CN": "1.28 起有标签记录最近一次使用；没有这个标签，说明自记录以来没人用过。",
            },
            command: shellCommand(
              ...["kubectl", "get", "secrets", "--namespace", namespace],
              ...["--field-selector", "type=kubernetes.io/service-account-token"],
              ...["--label-columns", "kubernetes.io/legacy-token-last-used"],
            ),
          },
          {
            purpose: "fix",
            text: {
              en: "Give its users a token that ends, then delete the Secret: that revokes the token at once.",
              "zh-CN": "先给使用者换成有期限的令牌，再删除 Secret：删除后令牌立即失效。",
            },
            command: shellCommand(
              "kubectl",
              "delete",
              "secret",
              sorted[0]?.secret ?? "",
              "--namespace",
              namespace,
            ),
          },
          {
            purpose: "verify",
            text: { en: "A token for an hour, for comparison.", "zh-CN": "对比：一小时有效的令牌。" },
            command: shellCommand(
              ...["kubectl", "create", "token", accounts[0] || "default"],
              ...["--namespace", namespace, "--duration", "1h"],
            ),
          },
        ],
      };
    });
}
