import type { Picture } from "#common/picture.ts";
import type { Finding, Subject } from "#common/result.ts";
import { sampled } from "./host.ts";
import { kubernetes } from "./kubernetes.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";
import { optional } from "./need.ts";
import { affectedPods, type OwnedPod } from "./owners.ts";

/** What proxies say of their own configuration: numbers of listeners, routes, clusters and endpoints. */

export type ProxyCounts = {
  namespace: string;
  pod: string;
  listeners: number | null;
  clusters: number | null;
  /** by default Istio's proxies keep no statistics of these two */
  routes: number | null;
  endpoints: number | null;
  rejected: number;
  warming: number;
};

const proxyLines = [
  "envoy_cluster_manager_",
  "envoy_listener_manager_",
  "envoy_cluster_membership_total{",
  "envoy_http_rds_update_success{",
  "istio_requests_total{",
];

/** Two readings of what a sample of proxies counts: one question, whoever asks it. */
export function proxyStatistics<Value>(
  { proxies, windowSeconds }: { proxies: number; windowSeconds: number },
  parse: (answers: KubernetesSingleValues["kubernetes.pods-proxy"]) => Value,
) {
  const request = {
    labelSelector: "security.istio.io/tlsMode=istio",
    limit: proxies,
    port: 15_020,
    path: "/stats/prometheus",
    keepLines: proxyLines,
  };
  return optional(sampled(kubernetes.podsProxy(request, parse), windowSeconds * 1000));
}

type Samples = Map<string, number[]>;

function samplesOf(text: string): Samples {
  const found: Samples = new Map();
  for (const line of text.split("\n")) {
    const [, name, value] = /^(\w+)(?:\{[^}]*\})? ([\d.e+-]+)/.exec(line) ?? [];
    const number = Number(value);
    if (name === undefined || !Number.isFinite(number)) continue;
    found.set(name, [...(found.get(name) ?? []), number]);
  }
  return found;
}

export function parseCounts(answers: KubernetesSingleValues["kubernetes.pods-proxy"]): ProxyCounts[] {
  return answers.flatMap(({ namespace, pod, status, text }) => {
    if (status !== 200) return [];
    const samples = samplesOf(text);
    const sum = (name: string) => samples.get(name)?.reduce((a, b) => a + b, 0) ?? null;
    const both = (one: string, other: string) => (sum(one) ?? 0) + (sum(other) ?? 0);
    return [
      {
        namespace,
        pod,
        listeners: sum("envoy_listener_manager_total_listeners_active"),
        clusters: sum("envoy_cluster_manager_active_clusters"),
        routes: samples.get("envoy_http_rds_update_success")?.length ?? null,
        endpoints: sum("envoy_cluster_membership_total"),
        rejected: both(
          "envoy_cluster_manager_cds_update_rejected",
          "envoy_listener_manager_lds_update_rejected",
        ),
        warming: both(
          "envoy_cluster_manager_warming_clusters",
          "envoy_listener_manager_total_listeners_warming",
        ),
      },
    ];
  });
}

type Owners = (pod: OwnedPod) => Subject;

/** Per owner: what it rejected since it started, and what it has been waiting for in both readings. */
export function countFindings(
  [first, last]: readonly [ProxyCounts[], ProxyCounts[]],
  pods: readonly OwnedPod[],
  ownerOf: Owners,
): Finding[] {
  const podAt = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const before = new Map(first.map((one) => [`${one.namespace}/${one.pod}`, one]));
  const groups = new Map<string, { owner: Subject; code: string; counts: ProxyCounts[] }>();
  for (const one of last) {
    const key = `${one.namespace}/${one.pod}`;
    const owner = ownerOf(podAt.get(key) ?? { namespace: one.namespace, name: one.pod });
    const stuck = one.warming > 0 && (before.get(key)?.warming ?? 0) > 0;
    for (const code of [...(one.rejected > 0 ? ["update-rejected"] : []), ...(stuck ? ["never-warm"] : [])]) {
      const at = `${owner.namespace}/${owner.kind}/${owner.name}/${code}`;
      const group = groups.get(at) ?? { owner, code, counts: [] };
      group.counts.push(one);
      groups.set(at, group);
    }
  }
  return [...groups.values()].map((group) =>
    group.code === "never-warm" ? neverWarm(group) : rejected(group),
  );
}

type Group = { owner: Subject; counts: ProxyCounts[] };
const podsOf = ({ counts }: Group) =>
  affectedPods(counts.map(({ namespace, pod }) => ({ namespace, name: pod })));
const logOf = ({ counts: [one] }: Group) =>
  `kubectl logs ${one?.pod} --namespace ${one?.namespace} --container istio-proxy | grep -iE 'rejected|warming'`;

function rejected(group: Group): Finding {
  const total = group.counts.reduce((sum, one) => sum + one.rejected, 0);
  return {
    verdict: "warn",
    code: "update-rejected",
    subject: group.owner,
    affected: podsOf(group),
    message: {
      en: `${total === 1 ? "An update was" : `${total} updates were`} rejected by ${group.counts.length === 1 ? "a proxy" : `${group.counts.length} proxies`} since they started: something in the mesh's configuration is not valid for this version.`,
      "zh-CN": `${group.counts.length} 个代理自启动以来拒绝了 ${total} 次更新：网格配置里有对这个版本无效的内容。`,
    },
    observed: { en: `${total} rejected`, "zh-CN": `${total} 次被拒绝` },
    expected: "0",
    remedy: [
      {
        purpose: "inspect",
        text: { en: "The log names the resource and the reason.", "zh-CN": "日志会写明资源和原因。" },
        command: logOf(group),
      },
    ],
  };
}

function neverWarm(group: Group): Finding {
  return {
    verdict: "fail",
    code: "never-warm",
    subject: group.owner,
    affected: podsOf(group),
    message: {
      en: `${group.counts.length === 1 ? "A proxy waits" : `${group.counts.length} proxies wait`} for parts of its configuration to become complete: endpoints or a certificate that never come.`,
      "zh-CN": `${group.counts.length} 个代理一直在等待配置补全：所需的端点或证书始终没有到。`,
    },
    observed: {
      en: `${group.counts[0]?.warming} warming, in two readings`,
      "zh-CN": `两次读取都有 ${group.counts[0]?.warming} 个在等待`,
    },
    expected: "0",
    remedy: [
      {
        purpose: "inspect",
        text: { en: "What it waits for: certificates first.", "zh-CN": "看它在等什么：先看证书。" },
        command: `istioctl proxy-config secret ${group.counts[0]?.pod}.${group.counts[0]?.namespace}`,
      },
    ],
  };
}

const mostShown = 20;

export function countsPicture(counts: readonly ProxyCounts[]): Picture {
  const sorted = counts.toSorted((a, b) => (b.clusters ?? 0) - (a.clusters ?? 0) || (a.pod < b.pod ? -1 : 1));
  const number = (value: number | null) => (value === null ? "–" : String(value));
  return {
    id: "proxy-counts",
    title: { en: "What proxies hold", "zh-CN": "代理持有的配置" },
    summary: {
      en: `Listeners, routes, clusters and endpoints of ${counts.length} proxies, the largest first; a dash where the proxy keeps no such statistic.`,
      "zh-CN": `${counts.length} 个代理的监听器、路由、集群和端点数量，从大到小；短横线表示代理没有这项统计。`,
    },
    columns: [
      { en: "From istiod", "zh-CN": "来自 istiod" },
      { en: "Proxy", "zh-CN": "代理" },
    ],
    nodes: [
      { id: "istiod", column: 0, label: "istiod", detail: "LDS · RDS · CDS · EDS" },
      ...sorted.slice(0, mostShown).map((one) => ({
        id: `${one.namespace}/${one.pod}`,
        column: 1,
        label: `${one.pod}.${one.namespace}`.slice(0, 120),
        detail: [one.listeners, one.routes, one.clusters, one.endpoints].map(number).join(" · "),
        verdict: one.rejected > 0 ? ("warn" as const) : ("pass" as const),
      })),
    ],
    edges: sorted.slice(0, mostShown).map((one) => ({ from: "istiod", to: `${one.namespace}/${one.pod}` })),
  };
}
