import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { sampled } from "../needs/host.ts";
import { interned } from "../needs/interned.ts";
import { overlaps, pickRulePolicy, pickSidecarRule } from "../needs/istio-overlaps.ts";
import { peerNeed } from "../needs/istio-peers.ts";
import { parseSync, pickSyncPod, syncFindings } from "../needs/istio-sync.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

/** Pods of one owner are alike here, and are kept as one object. */
const pickLabels = ({ metadata }: Pod) =>
  interned({ namespace: metadata?.namespace ?? "", labels: metadata?.labels ?? {} });

/**
 * Subjects and codes:
 * - the owner people deploy: proxy-stale, proxy-not-connected (fail); affected: its pods.
 * - Sidecar, PeerAuthentication: ignored-by-older (fail), selects-nothing (warn).
 * - DestinationRule: policy-lost (fail): a second rule for the same host in the same namespace.
 * - Service istiod: istiod-refuses, sync-not-read (unknown).
 * What proxies acknowledged is read through pods/proxy, twice; without that right, or where an istiod does not answer,
 * it is unknown for the proxies that nobody told of, while the configuration is judged all the same.
 */
export const check = defineCheck({
  id: "kubernetes/istio-diagnostics",
  version: 3,
  title: { en: "Istio: proxies in sync, objects in each other's way", "zh-CN": "Istio：代理同步与配置冲突" },
  why: {
    en: "The API server takes nearly every object of Istio, and istiod ignores what contradicts an older one. A proxy that missed an update works on with the last one it understood. Neither is an error anywhere.",
    "zh-CN":
      "API Server 几乎什么 Istio 对象都接受，而 istiod 会忽略与较早对象冲突的那些。漏掉更新的代理则继续用它最后看懂的配置。两种情况哪里都不会报错。",
  },
  remedy: {
    en: "Keep one object per scope and host, mend what a proxy rejected, and restart pods whose connection to istiod hangs.",
    "zh-CN": "每个范围、每个主机只留一个对象，修好被代理拒绝的配置，重启与 istiod 连接卡住的 Pod。",
  },
  params: z.object({
    windowSeconds: param(z.number().int().min(1).max(60).default(5), {
      label: { en: "Time between two readings", "zh-CN": "两次读取的间隔" },
      unit: "s",
    }),
  }),
  needs: ({ windowSeconds }) => ({
    sidecars: kubernetes.list([kinds.Sidecar, kinds.SidecarBeta], pickSidecarRule),
    peers: peerNeed,
    rules: kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickRulePolicy),
    pods: kubernetes.list(kinds.Pod, pickLabels),
    proxies: kubernetes.list(kinds.Pod, pickSyncPod),
    sync: optional(
      sampled(
        kubernetes.podsProxy(
          { labelSelector: "app=istiod", limit: 10, port: 15_014, path: "/debug/syncz" },
          parseSync,
        ),
        windowSeconds * 1000,
      ),
    ),
    ...ownerNeeds,
  }),
  judge: ({ sidecars, peers, rules, pods, proxies, sync, ...owners }) => {
    const samples = isUnread(sync) ? [] : sync.map(({ value }) => value);
    const answers = (samples.at(-1) ?? []).flatMap((answer) => answer.proxies);
    const known = new Set(answers.map((proxy) => `${proxy.namespace}/${proxy.pod}`));
    return {
      findings: [
        ...syncFindings({ samples, pods: proxies, ownerOf: ownerResolver(owners) }),
        ...overlaps({ sidecars, peers, rules, pods }),
      ],
      measurements: [
        { name: "proxies", value: proxies.filter(({ istiod }) => !istiod).length, unit: "{pods}" },
        ...(samples.length > 0 ? [{ name: "proxies-connected", value: known.size, unit: "{pods}" }] : []),
      ],
    };
  },
});
