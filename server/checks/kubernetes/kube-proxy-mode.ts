import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { pickCiliumConfig, pickProxyConfig } from "../needs/network-config.ts";
import { param } from "../needs/param.ts";
import {
  ipvsProblems,
  manyServices,
  modeProblem,
  oldKernels,
  pickAnnouncer,
  pickNodeKernel,
} from "../needs/proxy-mode.ts";
import { parseServerVersion } from "../needs/version-skew.ts";

const params = z.object({
  mostServices: param(z.number().int().min(1).max(100_000).default(5_000), {
    label: { en: "Services that iptables mode may have", "zh-CN": "iptables 模式下 Service 的上限" },
    unit: "{services}",
  }),
});

/**
 * Subject: the ConfigMap kube-system/kube-proxy. Codes: mode-not-known, strict-arp-off, kernel-too-old (fail; affected:
 * nodes), ipvs-on-its-way-out, many-services-for-iptables (warn). Where kube-proxy keeps no ConfigMap of that name, or
 * Cilium does its work, the check does not apply.
 */
export const check = defineCheck({
  id: "kubernetes/kube-proxy-mode",
  version: 1,
  title: { en: "kube-proxy's mode", "zh-CN": "kube-proxy 的模式" },
  why: {
    en: "The same Service is a chain of rules, a virtual server or an entry in a map, and each way has needs of its own: kernels, ARP settings, a future. They are noticed when a node is replaced or a release is skipped.",
    "zh-CN":
      "同一个 Service，可能是一串规则、一个虚拟服务器，或映射里的一项。每种方式各有要求：内核版本、ARP 设置、还能用多久。平时不显，换节点或升级时才暴露。",
  },
  remedy: {
    en: "Plan the way from IPVS to nftables, look at kernels first, and change one node before all of them.",
    "zh-CN": "规划好从 IPVS 到 nftables 的路：先看内核版本，再拿一个节点试，最后推开。",
  },
  params,
  needs: {
    config: kubernetes.get(
      kinds.ConfigMap,
      { namespace: "kube-system", name: "kube-proxy" },
      pickProxyConfig,
    ),
    cilium: optional(
      kubernetes.get(kinds.ConfigMap, { namespace: "kube-system", name: "cilium-config" }, pickCiliumConfig),
    ),
    server: kubernetes.raw({ path: "/version" }, parseServerVersion),
    nodes: kubernetes.list(kinds.Node, pickNodeKernel),
    announcers: kubernetes.list(kinds.DaemonSet, pickAnnouncer),
    services: kubernetes.list(kinds.Service, ({ metadata }) => metadata?.name ?? undefined),
  },
  judge: ({ config, cilium, server, nodes, announcers, services }, { mostServices }) => {
    const replaced = !isUnread(cilium) && cilium?.replacesProxy === true;
    if (replaced || !config)
      return {
        skip: {
          what: "kube-proxy",
          detail: replaced
            ? "Cilium handles Services"
            : "no configuration in a ConfigMap kube-system/kube-proxy",
        },
      };
    return {
      findings: [
        ...modeProblem(config),
        ...ipvsProblems(config, announcers, server),
        ...oldKernels(config, nodes),
        ...manyServices(config, services.length, mostServices),
      ],
      measurements: [{ name: "services", value: services.length, unit: "{services}" }],
    };
  },
});
