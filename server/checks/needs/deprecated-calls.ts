import type { Finding } from "#common/result.ts";
import { compare } from "./owners.ts";

/** Deprecated versions that somebody has asked this API server for since it was started. */

export const deprecatedMetric = "apiserver_requested_deprecated_apis{";

type DeprecatedCall = { api: string; resource: string; removedIn: string };

export function parseDeprecatedCalls({ text }: { text: string }): DeprecatedCall[] {
  const calls = new Map<string, DeprecatedCall>();
  for (const line of text.split("\n")) {
    const of = (label: string) => new RegExp(`[{,]${label}="([^"]*)"`).exec(line)?.[1] ?? "";
    const [group, version, resource, removedIn] = ["group", "version", "resource", "removed_release"].map(of);
    // Without a release it is discouraged, as Endpoints are, and stays.
    if (!line.startsWith(deprecatedMetric) || !version || !resource || !removedIn) continue;
    const api = group ? `${group}/${version}` : version;
    calls.set(`${api} ${resource}`, { api, resource, removedIn });
  }
  return [...calls.values()];
}

export function requestFindings(calls: readonly DeprecatedCall[]): Finding[] {
  return calls
    .toSorted((a, b) => compare(`${a.api} ${a.resource}`, `${b.api} ${b.resource}`))
    .map(({ api, resource, removedIn }) => ({
      verdict: "warn",
      code: "deprecated-api-requested",
      subject: { kind: "API", name: `${api} ${resource}` },
      message: {
        en: `Since the API server was started somebody has asked for ${resource} of ${api}, which leaves in ${removedIn}.`,
        "zh-CN": `自 API 服务器启动以来，有客户端请求过 ${api} 的 ${resource}，该版本将在 ${removedIn} 移除。`,
      },
      observed: { en: `requested; removed in ${removedIn}`, "zh-CN": `仍被请求；在 ${removedIn} 移除` },
      expected: { en: "not requested", "zh-CN": "不再被请求" },
      remedy: [
        {
          purpose: "inspect",
          text: {
            en: "The audit log marks such requests and names the client.",
            "zh-CN": "审计日志会给这类请求加注，并写明客户端。",
          },
          command: `jq -c 'select(.annotations["k8s.io/deprecated"] == "true") | [.user.username, .userAgent, .requestURI]' AUDIT_LOG | sort | uniq -c`,
        },
        {
          purpose: "fix",
          text: {
            en: "Update that client, or its manifest.",
            "zh-CN": "更新该客户端，或它使用的清单。",
          },
        },
      ],
    }));
}
