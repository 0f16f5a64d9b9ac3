import { shellCommand } from "#common/kubernetes/shell.ts";
import type { Finding } from "#common/result.ts";
import { type Headless, hostOf, subjectOf } from "./istio-headless-findings.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";
import { affectedPods, compare } from "./owners.ts";

/**
 * Clusters of type ORIGINAL_DST that keep to an address where nobody is left. Envoy lists those addresses only to its
 * own pod (port 15000 of localhost), so what can be seen from outside is what follows: requests to a headless Service
 * that end without a connection (flag UF), counted by the callers' proxies.
 */

export type Failures = {
  /** proxies that answered */
  asked: number;
  failed: { namespace: string; pod: string; host: string; count: number }[];
};
type Sample = { at: number; value: Failures };

const counted = /^istio_requests_total\{(.*)\} ([\d.e+]+)/;

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

/** Of each caller's statistics the requests that got no connection, by the host they were for. */
export function parseFailures(answers: KubernetesSingleValues["kubernetes.pods-proxy"]): Failures {
  const told = answers.filter(({ status }) => status === 200);
  const failed = told.flatMap(({ namespace, pod, text }) => {
    const hosts = new Map<string, number>();
    for (const line of text.split("\n")) {
      const [, labels = "", value = ""] = counted.exec(line) ?? [];
      const host = labelOf(labels, "destination_service");
      if (!host.includes(".") || labelOf(labels, "reporter") !== "source") continue;
      if (!labelOf(labels, "response_flags").split(",").includes("UF")) continue;
      hosts.set(host, (hosts.get(host) ?? 0) + Number(value));
    }
    return [...hosts].map(([host, count]) => ({ namespace, pod, host, count }));
  });
  return { asked: told.length, failed };
}

export type Stale = { seconds: number; requests: number; callers: { namespace: string; name: string }[] };

/** Callers whose count for a host rose between the readings, by host. */
export function staleByHost([first, last]: readonly [Sample, Sample]): Map<string, Stale> {
  const keyOf = (one: Failures["failed"][number]) => `${one.namespace}/${one.pod} ${one.host}`;
  const before = new Map(first.value.failed.map((one) => [keyOf(one), one.count]));
  const found = new Map<string, Stale>();
  for (const one of last.value.failed) {
    const rise = one.count - (before.get(keyOf(one)) ?? 0);
    if (rise <= 0) continue;
    const seconds = Math.max(1, Math.round((last.at - first.at) / 1000));
    const stale = found.get(one.host) ?? { seconds, requests: 0, callers: [] };
    stale.requests += rise;
    stale.callers.push({ namespace: one.namespace, name: one.pod });
    found.set(one.host, stale);
  }
  return found;
}

export function staleDestination(at: Headless, { seconds, requests, callers }: Stale): Finding {
  const ready = [...at.proxied, ...at.bare].filter((pod) => pod.ready).length;
  const sorted = callers.toSorted((a, b) => compare(a.namespace + a.name, b.namespace + b.name));
  const [first] = sorted;
  return {
    verdict: "fail",
    code: "stale-original-destination",
    subject: subjectOf(at),
    affected: affectedPods(sorted),
    message: {
      en: `${requests} ${requests === 1 ? "request" : "requests"} of ${callers.length === 1 ? "a caller" : `${callers.length} callers`} got no connection in ${seconds} s, though ${ready} of its pods are ready: the proxies keep sending to an address where nobody is left.`,
      "zh-CN": `${seconds} 秒内有 ${callers.length} 个调用方的 ${requests} 次请求连不上，而它有 ${ready} 个 Pod 是就绪的：代理还在往已经没人的地址发。`,
    },
    observed: {
      en: `${requests} more with the flag UF in ${seconds} s`,
      "zh-CN": `${seconds} 秒内新增 ${requests} 次 UF 标记`,
    },
    expected: "0",
    remedy: [
      {
        purpose: "inspect",
        text: {
          en: "The addresses this caller's proxy keeps. One that is no pod's any more is the stale one.",
          "zh-CN": "看这个调用方的代理留着哪些地址：不属于任何 Pod 的就是失效的那个。",
        },
        command: `${shellCommand("kubectl", "exec", first?.name ?? "", "--namespace", first?.namespace ?? "", "--container", "istio-proxy", "--", "pilot-agent", "request", "GET", "clusters")} | grep -F ${shellCommand(hostOf(at))}`,
      },
      {
        purpose: "fix",
        text: {
          en: "Restart the callers: their connections go, and names are looked up anew. For good, let HTTP clients use an ordinary Service.",
          "zh-CN": "重启调用方：旧连接断开，名字会重新解析。要根治，就让 HTTP 客户端改用普通 Service。",
        },
      },
    ],
  };
}
