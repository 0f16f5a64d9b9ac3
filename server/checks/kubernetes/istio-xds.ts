import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { meshConfigNeed, rootNamespaceOf } from "../needs/istio-mesh-config.ts";
import { pickMeshPod, pickMeshService } from "../needs/istio-registry.ts";
import { istioNeeds } from "../needs/istio-routing.ts";
import {
  clusterEstimate,
  largeConfiguration,
  pickScope,
  scopeFindings,
  unscoped,
} from "../needs/istio-scope.ts";
import { countFindings, countsPicture, parseCounts, proxyStatistics } from "../needs/istio-xds-counts.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread } from "../needs/need.ts";
import { ownerNeeds, ownerResolver, pickOwner } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

/**
 * Subjects and codes:
 * - the root namespace of the mesh, part "Sidecar": large-configuration (warn); affected: namespaces told of everything.
 * - Sidecar: scope-of-everything, scope-names-nothing (warn).
 * - the owner people deploy: update-rejected (warn), never-warm (fail); affected: its proxies that say so.
 * Numbers of listeners, routes, clusters and endpoints come from the statistics of a sample of proxies, through
 * pods/proxy; without that right only the estimate from Services, entries and subsets is there.
 */
export const check = defineCheck({
  id: "kubernetes/istio-xds",
  version: 2,
  title: { en: "How much configuration proxies are sent", "zh-CN": "代理收到多少配置" },
  why: {
    en: "Every proxy is told of every service of the mesh unless somebody says otherwise. That costs memory in each pod and makes each change a push to all; and an update that a proxy rejects is reported nowhere else.",
    "zh-CN":
      "除非另有说明，每个代理都会收到网格里所有服务的配置。这要占用每个 Pod 的内存，也让每次变更都变成全网推送；而被代理拒绝的更新，别处都看不到。",
  },
  remedy: {
    en: "Limit what proxies hear of with Sidecar objects, keep those up to date, and mend what proxies reject.",
    "zh-CN": "用 Sidecar 对象限制代理的视野并保持更新，修好被代理拒绝的配置。",
  },
  params: z.object({
    mostClusters: param(z.number().int().min(10).max(100_000).default(2000), {
      label: { en: "Warn above so many clusters a proxy", "zh-CN": "每个代理超过多少 cluster 时提示" },
      unit: "clusters",
    }),
    proxies: param(z.number().int().min(1).max(50).default(20), {
      label: { en: "Proxies to ask, where permitted", "zh-CN": "有权限时询问多少个代理" },
    }),
    windowSeconds: param(z.number().int().min(1).max(60).default(5), {
      label: { en: "Time between two readings", "zh-CN": "两次读取的间隔" },
      unit: "s",
    }),
  }),
  needs: ({ proxies, windowSeconds }) => ({
    scopes: kubernetes.list([kinds.Sidecar, kinds.SidecarBeta], pickScope),
    rules: istioNeeds.destinationRules,
    entries: istioNeeds.serviceEntries,
    services: kubernetes.list(kinds.Service, pickMeshService),
    pods: kubernetes.list(kinds.Pod, (pod) =>
      pickMeshPod(pod)?.proxied ? pickOwner(pod.metadata) : undefined,
    ),
    counts: proxyStatistics({ proxies, windowSeconds }, parseCounts),
    mesh: meshConfigNeed,
    ...ownerNeeds,
  }),
  judge: ({ scopes, rules, entries, services, pods, counts, mesh, ...owners }, { mostClusters }) => {
    if (pods.length === 0) return { skip: { what: "proxies", detail: "no pod has one" } };
    const registered = { services, entries, rules };
    const root = rootNamespaceOf(mesh);
    const estimate = clusterEstimate(registered);
    const open = unscoped([...new Set(pods.map(({ namespace }) => namespace))], scopes, root);
    const read = isUnread(counts) ? null : ([counts[0].value, counts[1].value] as const);
    const last = read?.[1] ?? [];
    const most = (of: (one: (typeof last)[number]) => number | null) =>
      Math.max(...last.map((one) => of(one) ?? 0));
    return {
      findings: [
        ...largeConfiguration({ clusters: estimate, most: mostClusters }, open, root),
        ...scopeFindings(scopes, registered, root),
        ...(read ? countFindings(read, pods, ownerResolver(owners)) : []),
      ],
      measurements: [
        { name: "clusters-estimated", value: estimate, unit: "{clusters}", warn: { above: mostClusters } },
        ...(last.length > 0
          ? [
              {
                name: "most-clusters-of-a-proxy",
                value: most(({ clusters }) => clusters),
                unit: "{clusters}",
              },
              {
                name: "most-listeners-of-a-proxy",
                value: most(({ listeners }) => listeners),
                unit: "{listeners}",
              },
            ]
          : []),
      ],
      ...(last.length > 0 && { pictures: [countsPicture(last)] }),
    };
  },
});
