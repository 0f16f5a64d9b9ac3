import { z } from "zod";
import type { Finding, Subject } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional, type Unread } from "../needs/need.ts";
import { agentNotReady, twoProxies } from "../needs/network-agents.ts";
import {
  pickCiliumConfig,
  pickFlannelConfig,
  pickKubeadmNetwork,
  pickProxyConfig,
} from "../needs/network-config.ts";
import { dnsFindings, outsideRanges, withoutAddress, withoutRange } from "../needs/network-life.ts";
import {
  pickApiRange,
  pickDnsSlice,
  pickMapNode,
  pickMapPod,
  pickMapService,
  pickPluginSet,
  pickSandboxEvent,
  type WaitingPod,
} from "../needs/network-objects.ts";
import {
  nodesAmongThemselves,
  nodesInside,
  podsAndServices,
  unknownToOthers,
} from "../needs/network-overlaps.ts";
import { pathPicture } from "../needs/network-picture.ts";
import { rangesPicture } from "../needs/network-range-picture.ts";
import { type Ranges, rangesOf, usesNodeRanges } from "../needs/network-ranges.ts";
import { roomFindings, roomOf } from "../needs/network-room.ts";
import { type Setup, setupOf } from "../needs/network-setup.ts";
import { compare, ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const params = z.object({
  usedPercent: param(z.number().min(1).max(100).default(85), {
    label: { en: "Range nearly full above", "zh-CN": "网段用量告警线" },
    unit: "%",
  }),
  addressMinutes: param(z.number().int().min(1).max(1440).default(5), {
    label: { en: "Time for a pod to get an address", "zh-CN": "Pod 拿到地址的时限" },
    unit: "min",
  }),
});

const system = (name: string, namespace = "kube-system") => ({ namespace, name });

const needs = {
  nodes: kubernetes.list(kinds.Node, pickMapNode),
  pods: kubernetes.list(kinds.Pod, pickMapPod),
  services: kubernetes.list(kinds.Service, pickMapService),
  slices: kubernetes.list(kinds.EndpointSlice, pickDnsSlice),
  plugins: optional(kubernetes.list(kinds.DaemonSet, pickPluginSet)),
  serviceRanges: optional(kubernetes.list([kinds.ServiceCIDR, kinds.ServiceCIDRBeta], pickApiRange)),
  pools: optional(kubernetes.list(kinds.CalicoIPPool, pickApiRange)),
  kubeadm: optional(kubernetes.get(kinds.ConfigMap, system("kubeadm-config"), pickKubeadmNetwork)),
  proxyConfig: optional(kubernetes.get(kinds.ConfigMap, system("kube-proxy"), pickProxyConfig)),
  cilium: optional(kubernetes.get(kinds.ConfigMap, system("cilium-config"), pickCiliumConfig)),
  flannel: optional(
    kubernetes.get(kinds.ConfigMap, system("kube-flannel-cfg", "kube-flannel"), pickFlannelConfig),
  ),
  oldFlannel: optional(kubernetes.get(kinds.ConfigMap, system("kube-flannel-cfg"), pickFlannelConfig)),
  sandboxEvents: optional(
    kubernetes.list(kinds.Event, pickSandboxEvent, { fieldSelector: "reason=FailedCreatePodSandBox" }),
  ),
  ...ownerNeeds,
};

const listOf = <T>(fact: T[] | Unread): T[] => (isUnread(fact) ? [] : fact);
const known = <T>(fact: T | null | Unread): T | null => (isUnread(fact) ? null : fact);

/** What nobody says cannot be judged: neither full nor overlapping can be ruled out. */
function notVisible({ services, pods, ofNodes }: Ranges, { addresses }: Setup): Finding[] {
  const missing = [
    ...(services.length === 0 ? (["services"] as const) : []),
    ...(pods.length === 0 && ofNodes.length === 0 && addresses !== "cloud" ? (["pods"] as const) : []),
  ];
  return missing.map((name) => ({
    verdict: "unknown",
    code: "range-not-visible",
    subject: { kind: "Network", name },
    message: {
      en: `Nothing that was read says which range ${name === "pods" ? "pods" : "Services"} get addresses from, so neither its room nor an overlap could be judged.`,
      "zh-CN": `读到的内容里都没有写明 ${name === "pods" ? "Pod" : "Service"} 的网段，因此无法判断余量和是否重叠。`,
    },
    expected:
      name === "pods"
        ? { en: "spec.podCIDR, kubeadm-config or a pool", "zh-CN": "spec.podCIDR、kubeadm-config 或地址池" }
        : { en: "a ServiceCIDR or kubeadm-config", "zh-CN": "ServiceCIDR 或 kubeadm-config" },
  }));
}

/**
 * Subjects and codes. Network (name pods, services or dns; part: the range): range-overlap, node-in-range (fail; affected:
 * nodes), range-nearly-full (warn, fail when full), node-ranges-nearly-used, range-below-max-pods, range-mismatch,
 * address-outside-ranges, no-dns-service (warn), range-not-visible (unknown). Node: node-ranges-overlap,
 * node-without-range (fail), node-range-nearly-full (warn, fail when full). Service: dns-without-endpoints (fail).
 * DaemonSet: plugin-not-ready (warn, fail on all nodes), two-service-proxies (warn). The owner of pods (see
 * ownerResolver): no-address (warn; fail where an event says that the network refused).
 */
export const check = defineCheck({
  id: "kubernetes/network-map",
  version: 1,
  title: { en: "The cluster's network on a map", "zh-CN": "集群网络地图" },
  why: {
    en: "Pods, Services and nodes each live in ranges of addresses that must not meet and must not run out. When they do, connections fail in ways that look like anything but addresses.",
    "zh-CN":
      "Pod、Service 和节点各占一段地址，彼此不能重叠，也不能用完。一旦出问题，连接失败的样子看上去跟地址毫不相干。",
  },
  remedy: {
    en: "Add a free range before one is full, keep the ranges apart, and mend the network plugin on the node before looking at the pods.",
    "zh-CN": "在网段用完之前追加空闲网段，保持各网段互不重叠；先修节点上的网络插件，再看 Pod。",
  },
  params,
  needs,
  judge: ({ nodes, pods, services, slices, ...more }, { usedPercent, addressMinutes }, { observedAt }) => {
    const proxyConfig = known(more.proxyConfig);
    const cilium = known(more.cilium);
    const flannel = known(more.flannel) ?? known(more.oldFlannel);
    const pools = listOf(more.pools);
    const setup = setupOf({ nodes, plugins: listOf(more.plugins), proxyConfig, cilium, flannel, pools });
    const ranges = rangesOf(
      {
        ...{ nodes, proxyConfig, cilium, flannel, pools },
        flags: pods.flatMap((pod) => ("flags" in pod ? pod.flags : [])),
        kubeadm: known(more.kubeadm),
        serviceRanges: listOf(more.serviceRanges),
      },
      setup,
    );
    const fromNodes = usesNodeRanges(setup, ranges);
    const addressed = pods.flatMap((pod) => ("ips" in pod ? [pod] : []));
    const room = roomOf(ranges, services, addressed, fromNodes);
    const isOld = (at: string) => observedAt.getTime() - Date.parse(at) > addressMinutes * 60_000;
    const ownerOf = ownerResolver(more);
    const waiting = new Map<string, { owner: Subject; pods: WaitingPod[] }>();
    for (const pod of pods) {
      if (!("waiting" in pod) || !isOld(pod.waiting.since)) continue;
      const owner = ownerOf(pod.waiting);
      const key = `${owner.kind}/${owner.namespace}/${owner.name}`;
      const group = waiting.get(key) ?? { owner, pods: [] };
      group.pods.push(pod.waiting);
      waiting.set(key, group);
    }
    const events = listOf(more.sandboxEvents);
    const findings: Finding[] = [
      ...podsAndServices(ranges),
      ...nodesInside(ranges, nodes),
      ...nodesAmongThemselves(ranges),
      ...unknownToOthers(ranges, fromNodes),
      ...roomFindings(room, nodes, usedPercent),
      ...withoutRange(nodes, fromNodes, isOld),
      ...[...waiting]
        .sort(([a], [b]) => compare(a, b))
        .map(([, group]) => withoutAddress(group.owner, group.pods, events, addressMinutes)),
      ...outsideRanges(addressed, ranges, fromNodes),
      ...dnsFindings(services, slices),
      ...agentNotReady(setup),
      ...twoProxies(setup),
      ...notVisible(ranges, setup),
    ];
    const drawn = { setup, ranges, room, nodes, services, dns: slices, findings };
    const fullest = (fills: { percent: number }[]) => Math.max(0, ...fills.map(({ percent }) => percent));
    const measure = (name: string, fills: { percent: number }[]) =>
      fills.length > 0 ? [{ name, value: fullest(fills), unit: "%", warn: { above: usedPercent } }] : [];
    return {
      findings,
      measurements: [
        ...measure("service-range-used", room.services),
        ...measure("pod-range-used", [...room.pools, ...room.nodeRanges]),
        ...measure("fullest-node-range", room.nodes),
        { name: "pods-with-address", value: addressed.length, unit: "{pods}" },
      ],
      pictures: [pathPicture(drawn), rangesPicture(drawn)].flatMap((picture) => picture ?? []),
    };
  },
});
