import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import type { EagerIngress, LimitingRule, RetryingService } from "./retry-policies.ts";

type Missing = "retries-unbounded" | "no-breaker" | "no-budget";

export function missingOf(rules: readonly LimitingRule[]): Missing | undefined {
  const breaks = rules.some((rule) => rule.breaks);
  const budgets = rules.some((rule) => rule.budgets);
  if (breaks && budgets) return undefined;
  return breaks ? "no-budget" : budgets ? "no-breaker" : "retries-unbounded";
}

const lacking: Record<Missing, Text> = {
  "retries-unbounded": {
    en: "neither a breaker nor a budget",
    "zh-CN": "既没有熔断，也没有重试预算",
  },
  "no-breaker": {
    en: "no breaker (outlierDetection)",
    "zh-CN": "没有熔断（outlierDetection）",
  },
  "no-budget": {
    en: "no budget (connectionPool.http.maxRetries or retryBudget)",
    "zh-CN": "没有重试预算（connectionPool.http.maxRetries 或 retryBudget）",
  },
};

function inspect(resource: string, { namespace, name }: { namespace: string; name: string }): RemedyStep {
  const place = ["--namespace", namespace, "--output", "yaml"];
  return {
    purpose: "inspect",
    text: { en: "What is written there.", "zh-CN": "看看现在写了什么。" },
    command: shellCommand("kubectl", "get", resource, name, ...place),
  };
}

type Load = { attempts: number; host: string };

export function unlimited(
  service: RetryingService,
  at: string,
  code: Missing,
  { attempts, host }: Load,
): Finding {
  const { namespace, name } = service;
  const times = attempts + 1;
  return {
    verdict: "warn",
    code,
    subject: { kind: "VirtualService", namespace, name, part: at },
    message: {
      en: `Route ${at} repeats a failed request up to ${attempts} times, and ${host} has ${lacking[code].en}. When all of ${host} fails, every caller sends up to ${times} times its load, for as long as it lasts.`,
      "zh-CN": `路由 ${at} 会把失败的请求最多重试 ${attempts} 次，而 ${host} ${lacking[code]["zh-CN"]}。${host} 整体出故障时，每个调用方都会以最多 ${times} 倍的流量打过去，一直打到恢复为止。`,
    },
    observed: {
      en: `attempts: ${attempts}, ${lacking[code].en}`,
      "zh-CN": `attempts: ${attempts}，${lacking[code]["zh-CN"]}`,
    },
    expected: {
      en: "outlierDetection, and maxRetries or a retryBudget",
      "zh-CN": "outlierDetection，加上 maxRetries 或 retryBudget",
    },
    remedy: [
      inspect("destinationrules.networking.istio.io", service),
      {
        purpose: "fix",
        text: {
          en: `Give ${host} a DestinationRule with outlierDetection, and limit repetitions that are under way: connectionPool.http.maxRetries, or a retryBudget of some 20 percent from Istio 1.27 on.`,
          "zh-CN": `为 ${host} 写一个带 outlierDetection 的 DestinationRule，并限制同时进行的重试：connectionPool.http.maxRetries，或者从 Istio 1.27 起用 20% 左右的 retryBudget。`,
        },
      },
    ],
  };
}

export function eager({ namespace, name, conditions, tries }: EagerIngress): Finding {
  const everything = tries === "0";
  return {
    verdict: "warn",
    code: everything ? "unlimited-tries" : "repeats-writes",
    subject: { kind: "Ingress", namespace, name },
    message: everything
      ? {
          en: "The ingress controller tries every pod in turn, without a limit of tries or of time: one bad request knocks at all of them.",
          "zh-CN": "Ingress 控制器会把所有 Pod 挨个试一遍，次数和时间都不限：一个坏请求会敲遍每个 Pod。",
        }
      : {
          en: "The ingress controller repeats requests that are not idempotent: an order that was accepted and not answered in time is placed a second time.",
          "zh-CN": "Ingress 控制器会重试非幂等请求：订单已被接受、只是没来得及应答，也会再下一次。",
        },
    observed: `proxy-next-upstream: ${conditions || "error timeout"}, tries: ${tries || "3"}`,
    expected: everything
      ? { en: "proxy-next-upstream-tries: 2 or 3", "zh-CN": "proxy-next-upstream-tries: 2 或 3" }
      : { en: "no non_idempotent", "zh-CN": "不要 non_idempotent" },
    remedy: [
      inspect("ingress", { namespace, name }),
      {
        purpose: "fix",
        text: {
          en: "Set a small number of tries, and repeat writes only where the application knows a repeated one by a key.",
          "zh-CN": "次数设小一点；写请求只有在应用能凭键识别重复时才允许重试。",
        },
        command: shellCommand(
          ...["kubectl", "annotate", "ingress", name, "--namespace", namespace, "--overwrite"],
          everything
            ? "nginx.ingress.kubernetes.io/proxy-next-upstream-tries=2"
            : "nginx.ingress.kubernetes.io/proxy-next-upstream=error timeout",
        ),
      },
    ],
  };
}
