import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding, RemedyStep, Subject } from "#common/result.ts";
import type { Text } from "#common/text.ts";
import {
  type BreakerPolicy,
  type BreakerRule,
  demoLimits,
  ejectsEveryone,
  limitsWithoutOutlier,
  neverEjects,
} from "./istio-breakers.ts";

const kind = "destinationrules.networking.istio.io";
const sound = { consecutive5xxErrors: 5, interval: "10s", baseEjectionTime: "30s", maxEjectionPercent: 50 };

function patch({ namespace, name }: BreakerRule, trafficPolicy: object): string {
  const words = ["kubectl", "patch", kind, name, "--namespace", namespace, "--type", "merge", "--patch"];
  return shellCommand(...words, JSON.stringify({ spec: { trafficPolicy } }));
}

function edit({ namespace, name }: BreakerRule): string {
  return shellCommand("kubectl", "edit", kind, name, "--namespace", namespace);
}

/** On the caller's side: a breaker belongs to the client's proxy. */
const overflow: RemedyStep = {
  purpose: "verify",
  text: {
    en: "In a calling pod, rq_pending_overflow and cx_overflow of this host stand still. Circuit breaker counters have to be switched on with the annotation proxy.istio.io/config (proxyStatsMatcher).",
    "zh-CN":
      "在调用方的 Pod 里，这个主机的 rq_pending_overflow 和 cx_overflow 不再增长。熔断计数器需要先用注解 proxy.istio.io/config（proxyStatsMatcher）打开。",
  },
  command: `kubectl exec "$CALLER" --namespace "$NAMESPACE" --container istio-proxy -- pilot-agent request GET stats | grep overflow`,
};

const placeOf = ({ at }: BreakerPolicy): Text =>
  at === "" ? { en: "", "zh-CN": "" } : { en: ` (${at})`, "zh-CN": `（${at}）` };

type Case = { policies: BreakerPolicy[]; rule: BreakerRule };
type Build = (found: Case) => Omit<Finding, "verdict" | "subject" | "code">;

function demo(demoLimit: number): Build {
  return ({ rule, policies: [first] }) => {
    const limits = first ? demoLimits(first, demoLimit) : [];
    const written = limits.map(([name, value]) => `${name}: ${value}`).join(", ");
    const where = first ? placeOf(first) : { en: "", "zh-CN": "" };
    return {
      message: {
        en: `The limits for ${rule.host}${where.en} are those of a demonstration: ${written}. As soon as two requests of one client meet, the rest get 503 with the flag UO.`,
        "zh-CN": `${rule.host}${where["zh-CN"]} 的限制还是演示用的值：${written}。同一个客户端只要有两个请求碰到一起，其余的就会得到带 UO 标记的 503。`,
      },
      observed: written,
      expected: {
        en: `above ${demoLimit}, sized from measured concurrency`,
        "zh-CN": `大于 ${demoLimit}，按实测并发来定`,
      },
      remedy: [
        {
          purpose: "fix",
          text: {
            en: "Size the limits per client proxy from what it holds open at peak, times two, or take them out.",
            "zh-CN": "按单个客户端代理高峰时的并发量乘以 2 来设置，或者干脆去掉。",
          },
          command: edit(rule),
        },
        overflow,
      ],
    };
  };
}

const half: Build = ({ rule, policies }) => ({
  message: {
    en: `${rule.host} has limits but no outlier detection${policies[0] ? placeOf(policies[0]).en : ""}: a pod that answers every request with an error keeps its full share.`,
    "zh-CN": `${rule.host} 设了上限${policies[0] ? placeOf(policies[0])["zh-CN"] : ""}，却没有异常点检测：某个 Pod 即使每个请求都报错，也仍然分到同样多的流量。`,
  },
  observed: `connectionPool: ${policies[0]?.limits.map(([name, value]) => `${name} ${value}`).join(", ")}; outlierDetection: none`,
  expected: {
    en: "outlierDetection beside connectionPool",
    "zh-CN": "connectionPool 之外还要有 outlierDetection",
  },
  remedy: [
    {
      purpose: "fix",
      text: {
        en: "Add outlier detection, and leave half of the pods in whatever happens. Settings of a port inherit nothing: repeat it there.",
        "zh-CN": "加上异常点检测，并保证无论如何都留下一半 Pod。端口级设置不继承上层：那里要再写一遍。",
      },
      command: policies[0]?.at ? edit(rule) : patch(rule, { outlierDetection: sound }),
    },
  ],
});

const off: Build = ({ rule, policies }) => ({
  message: {
    en: `Outlier detection for ${rule.host} never ejects a pod: consecutive5xxErrors is 0 and nothing else is counted${policies[0] ? placeOf(policies[0]).en : ""}.`,
    "zh-CN": `${rule.host} 的异常点检测${policies[0] ? placeOf(policies[0])["zh-CN"] : ""}永远不会摘除 Pod：consecutive5xxErrors 为 0，又没有统计别的错误。`,
  },
  observed: "consecutive5xxErrors: 0",
  expected: { en: "a threshold above 0", "zh-CN": "大于 0 的阈值" },
  remedy: [
    {
      purpose: "fix",
      text: { en: "Set a threshold; five is the default.", "zh-CN": "设置一个阈值，默认是 5。" },
      command: policies[0]?.at ? edit(rule) : patch(rule, { outlierDetection: { consecutive5xxErrors: 5 } }),
    },
  ],
});

const everyone: Build = ({ rule, policies }) => ({
  message: {
    en: `A single error ejects a pod of ${rule.host}, and all of them may be ejected at once${policies[0] ? placeOf(policies[0]).en : ""}: one bad deployment or dependency turns into 503 for everyone.`,
    "zh-CN": `${rule.host} 的 Pod 出一次错就会被摘除，而且可以全部摘光${policies[0] ? placeOf(policies[0])["zh-CN"] : ""}：一次坏的发布或一个坏的依赖，就会变成所有人的 503。`,
  },
  observed: `consecutive5xxErrors: ${policies[0]?.outlier?.consecutive5xxErrors ?? "default"}, maxEjectionPercent: ${policies[0]?.outlier?.maxEjectionPercent}`,
  expected: { en: "more than one error, and less than 100 %", "zh-CN": "多于一次错误，且低于 100 %" },
  remedy: [
    {
      purpose: "fix",
      text: {
        en: "Take the threshold of five errors, and let half of the pods stay in.",
        "zh-CN": "阈值用 5 次错误，并至少保留一半 Pod。",
      },
      command: policies[0]?.at
        ? edit(rule)
        : patch(rule, { outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 } }),
    },
  ],
});

/** Per rule and code one finding, whatever the number of subsets and ports it is repeated for. */
export function breakerFindings(rules: readonly BreakerRule[], demoLimit: number): Finding[] {
  const tests: [code: string, found: (policy: BreakerPolicy) => boolean, build: Build][] = [
    ["demo-limits", (policy) => demoLimits(policy, demoLimit).length > 0, demo(demoLimit)],
    ["no-outlier-detection", limitsWithoutOutlier, half],
    ["outlier-detection-off", neverEjects, off],
    ["ejects-everyone", ejectsEveryone, everyone],
  ];
  return rules.flatMap((rule) => {
    const subject: Subject = { kind: "DestinationRule", namespace: rule.namespace, name: rule.name };
    return tests.flatMap(([code, isFound, build]): Finding[] => {
      const policies = rule.policies.filter(isFound);
      if (policies.length === 0) return [];
      const evidence = policies.slice(1, 6).map(({ at, limits }) => ({
        source: `destinationrules/${rule.name} ${at}`,
        excerpt: limits.map(([name, value]) => `${name}: ${value}`).join(", ") || code,
      }));
      return [
        {
          verdict: "warn",
          code,
          subject,
          ...build({ rule, policies }),
          ...(evidence.length > 0 && { evidence }),
        },
      ];
    });
  });
}

/** Services that routes lead to and no rule protects, as one piece of work for their namespace. */
export function unprotected(namespace: string, names: readonly string[]): Finding {
  const services = names.map((name): Subject => ({ kind: "Service", namespace, name }));
  const shown = names.slice(0, 5).join(", ");
  const rule = {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name: "outlier-detection", namespace },
    spec: {
      host: `*.${namespace}.svc.cluster.local`,
      exportTo: ["*"],
      trafficPolicy: { outlierDetection: sound },
    },
  };
  return {
    verdict: "warn",
    code: "destination-without-policy",
    subject: { kind: "Namespace", name: namespace },
    affected: { count: services.length, sample: services.slice(0, 50) },
    message: {
      en: `VirtualServices lead to ${names.length === 1 ? "a Service" : `${names.length} Services`} of this namespace (${shown}${names.length > 5 ? ", …" : ""}) for which no DestinationRule limits anything or ejects sick pods.`,
      "zh-CN": `VirtualService 指向该命名空间的 ${names.length} 个 Service（${shown}${names.length > 5 ? "、…" : ""}），但没有任何 DestinationRule 为它们设上限或摘除异常 Pod。`,
    },
    observed: {
      en: "neither connectionPool nor outlierDetection",
      "zh-CN": "既没有 connectionPool，也没有 outlierDetection",
    },
    expected: { en: "outlierDetection at least", "zh-CN": "至少有 outlierDetection" },
    remedy: [
      {
        purpose: "fix",
        text: {
          en: "One rule with a wildcard covers the namespace; a rule for a single host takes its place there. Add it to the manifests.",
          "zh-CN": "一条通配规则就能覆盖整个命名空间；某个主机有自己的规则时以自己的为准。同时写进清单。",
        },
        command: `${shellCommand("printf", "%s", JSON.stringify(rule))} | kubectl apply --filename -`,
      },
      {
        purpose: "verify",
        text: {
          en: "A caller's cluster shows outlier detection.",
          "zh-CN": "调用方的 cluster 里出现 outlierDetection。",
        },
        command: `istioctl proxy-config clusters "$CALLER" --fqdn ${names[0]}.${namespace}.svc.cluster.local --output json | grep --after-context 5 outlierDetection`,
      },
    ],
  };
}
