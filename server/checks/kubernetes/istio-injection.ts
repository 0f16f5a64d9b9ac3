import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  pickInjectedNamespace,
  pickInjector,
  pickReadyEndpoints,
  pickServicePorts,
  wishOf,
} from "../needs/istio-injector.ts";
import { brokenInjectors } from "../needs/istio-injector-findings.ts";
import { misleadingLabels, namespacesWithoutInjector } from "../needs/istio-namespace-findings.ts";
import { type ProxyPod, pickProxyPod } from "../needs/istio-proxies.ts";
import { neverInjected, versionSkew, withoutProxy } from "../needs/istio-proxy-findings.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { ownerNeeds, ownerResolver } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

const notRead: Finding = {
  verdict: "unknown",
  code: "injector-not-read",
  subject: { kind: "MutatingWebhookConfiguration", name: "istio-sidecar-injector" },
  message: {
    en: "The credential may not read webhook configurations, Services or EndpointSlices: whether the injector works is not known.",
    "zh-CN": "凭据不能读取 webhook 配置、Service 或 EndpointSlice：无法判断注入器是否正常。",
  },
};

/**
 * Subjects and codes:
 * - the owner people deploy (see ownerResolver): pod-without-proxy (warn), image-auto (fail).
 * - Namespace: no-injector (fail; its pods without a proxy are affected, and no findings of their own),
 *   label-without-effect and conflicting-labels (warn); with part = the proxies' version: proxy-behind (warn),
 *   proxy-out-of-support and proxy-ahead (fail).
 * - MutatingWebhookConfiguration: injector-service-missing, injector-port-missing, injector-no-endpoints,
 *   injector-without-ca (fail), injector-ignores-failures (warn), injector-not-read (unknown).
 * Opted-out, finished, ending, static and host-network pods are fine without a proxy.
 */
export const check = defineCheck({
  id: "kubernetes/istio-injection",
  version: 1,
  title: { en: "Istio's proxies and their injector", "zh-CN": "Istio 代理与注入器" },
  why: {
    en: "A pod that should have a proxy and has none goes round mTLS, policies and metrics, and nothing says so. An injector that does not answer stops every new pod, or lets them all go without.",
    "zh-CN":
      "本该带代理却没有的 Pod 会绕过 mTLS、策略和指标，而且没有任何提示。注入器不应答时，要么新 Pod 全都建不出来，要么全都不带代理。",
  },
  remedy: {
    en: "Keep istiod and its webhook healthy, label namespaces with a revision that exists, and restart workloads after a label or a version changed.",
    "zh-CN": "保证 istiod 和 webhook 健康，命名空间标签指向存在的 revision，标签或版本变更后重启工作负载。",
  },
  params: z.object({
    maxMinorsBehind: param(z.number().int().min(0).max(10).default(1), {
      label: { en: "Minor versions a proxy may be behind", "zh-CN": "代理允许落后的次版本数" },
      help: {
        en: "Istio supports a control plane one minor version ahead of its proxies.",
        "zh-CN": "Istio 支持控制面比代理领先一个次版本。",
      },
      unit: "versions",
    }),
    patches: param(z.boolean().default(true), {
      label: { en: "Warn of older patch versions too", "zh-CN": "补丁版本落后也提示" },
    }),
  }),
  needs: {
    namespaces: kubernetes.list(kinds.Namespace, pickInjectedNamespace),
    pods: kubernetes.list(kinds.Pod, pickProxyPod),
    injectors: optional(kubernetes.list(kinds.MutatingWebhookConfiguration, pickInjector)),
    services: optional(kubernetes.list(kinds.Service, pickServicePorts)),
    endpoints: optional(kubernetes.list(kinds.EndpointSlice, pickReadyEndpoints)),
    ...ownerNeeds,
  },
  judge: (facts, { maxMinorsBehind, patches }) => {
    const { namespaces, pods, injectors, services, endpoints } = facts;
    const ownerOf = ownerResolver(facts);
    const labelsOf = new Map(namespaces.map(({ name, labels }) => [name, labels]));
    const shouldHave = ({ namespace, asks, names }: ProxyPod) => {
      const wish = wishOf(labelsOf.get(namespace) ?? {});
      return wish === "inject" || (wish === "no-effect" && (asks === true || names !== undefined));
    };
    const proxied = pods.filter(({ proxy }) => proxy);
    const bare = pods.filter((pod) => !pod.proxy && !pod.istiod && shouldHave(pod));
    const known = isUnread(injectors) ? [] : injectors;
    const found = [...known, ...proxied, ...bare, ...pods.filter(({ istiod }) => istiod)];
    const wished = namespaces.filter(({ labels }) => labels["istio-injection"] !== "disabled");
    if (found.length === 0 && wished.length === 0)
      return { skip: { what: "Istio", detail: "no injector, control plane, proxy or labelled namespace" } };

    const orphaned = isUnread(injectors)
      ? []
      : namespacesWithoutInjector(namespaces, known, (name) =>
          bare.filter(({ namespace }) => namespace === name),
        );
    const explained = new Set(orphaned.map(({ subject }) => subject.name));
    const unread = isUnread(injectors) || (known.length > 0 && [services, endpoints].some(isUnread));
    return {
      findings: [
        ...brokenInjectors(known, { services, endpoints }),
        ...(unread ? [notRead] : []),
        ...orphaned,
        ...misleadingLabels(namespaces),
        ...withoutProxy(
          bare.filter(({ namespace }) => !explained.has(namespace)),
          ownerOf,
        ),
        ...neverInjected(proxied, ownerOf),
        ...versionSkew(pods, maxMinorsBehind, patches),
      ],
      measurements: [
        { name: "proxies", value: proxied.length, unit: "{pods}" },
        { name: "pods-without-proxy", value: bare.length, unit: "{pods}" },
      ],
    };
  },
});
