import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { mixedNamespaces, retired, twoProxies, withoutRequests } from "../needs/mesh-findings.ts";
import { pickCiliumMesh, pickMeshUse } from "../needs/mesh-proxies.ts";
import { measure, pictureOf, summarise } from "../needs/mesh-summary.ts";
import { isUnread, optional } from "../needs/need.ts";
import { ownerNeeds, ownerResolver } from "../needs/owners.ts";

/**
 * Subjects and codes:
 * - the owner people deploy: two-proxies (fail): sidecars of two meshes in one pod.
 * - Namespace: mixed-namespace (warn); with part = the mesh: proxy-without-requests and mesh-retired (warn).
 * Measured per mesh: proxies, CPU and memory they request, their share of what proxies and their applications request
 * together. Drawn: control planes, meshes, namespaces. Cilium counts where its configuration handles HTTP.
 */
export const check = defineCheck({
  id: "kubernetes/service-mesh",
  version: 1,
  title: { en: "Service meshes and what they request", "zh-CN": "服务网格及其资源请求" },
  why: {
    en: "A proxy in every pod is a second fleet: it has versions, it requests CPU and memory, and two of a kind in one pod do not get along. Few can say what theirs comes to.",
    "zh-CN":
      "每个 Pod 一个代理，等于多了一支队伍：它有自己的版本，要请求 CPU 和内存，两种代理同处一个 Pod 还会打架。很少有人说得清自己的网格总共占了多少。",
  },
  remedy: {
    en: "Keep one mesh per namespace, set requests for proxies from what they use, and leave meshes that are no longer maintained.",
    "zh-CN": "一个命名空间只用一种网格，按实际用量给代理设置 request，并离开不再维护的网格。",
  },
  params: z.object({}),
  needs: {
    pods: kubernetes.list(kinds.Pod, pickMeshUse),
    cilium: optional(
      kubernetes.get(kinds.ConfigMap, { namespace: "kube-system", name: "cilium-config" }, pickCiliumMesh),
    ),
    ...ownerNeeds,
  },
  judge: ({ pods, cilium, ...owners }) => {
    const ciliumIsMesh = !isUnread(cilium) && cilium !== null && cilium.on.length > 0;
    const counted = pods.map((pod) => ({
      ...pod,
      proxies: pod.proxies.filter(({ mesh }) => mesh !== "cilium" || ciliumIsMesh),
    }));
    const meshes = summarise(counted).filter(({ id }) => id !== "cilium" || ciliumIsMesh);
    if (meshes.length === 0) return { skip: { what: "a service mesh", detail: "no pod belongs to one" } };
    const mixed = mixedNamespaces(counted);
    return {
      findings: [
        ...twoProxies(counted, ownerResolver(owners)),
        ...mixed,
        ...withoutRequests(counted),
        ...retired(meshes),
      ],
      measurements: meshes.flatMap(measure),
      pictures: [pictureOf(meshes, new Set(mixed.map(({ subject }) => subject.name)))],
    };
  },
});
