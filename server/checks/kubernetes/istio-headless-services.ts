import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import {
  type ControlPlane,
  type HeadlessRule,
  hasHeadlessBug,
  isHttp,
  pickControlPlane,
  pickHeadlessRule,
  pickHeadlessService,
} from "../needs/istio-headless.ts";
import { balancesNothing, staleAddresses } from "../needs/istio-headless-addresses.ts";
import {
  encryptsToBare,
  type Headless,
  halfInMesh,
  hostOf,
  oldBug,
  plainToStrict,
} from "../needs/istio-headless-findings.ts";
import { parseFailures, type Stale, staleByHost, staleDestination } from "../needs/istio-headless-traffic.ts";
import { type PeerRule, peerMode, peerNeed } from "../needs/istio-peers.ts";
import { type MeshPod, meshRegistry, registryNeeds } from "../needs/istio-registry.ts";
import { proxyStatistics } from "../needs/istio-xds-counts.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread } from "../needs/need.ts";
import { param } from "../needs/param.ts";

type Mesh = { rules: HeadlessRule[]; peers: PeerRule[]; planes: ControlPlane[]; root: string };

/** How callers and pods fit together: what the rule of the host says on one side, what the pods take on the other. */
function tlsFindings(at: Headless, { rules, peers, planes, root }: Mesh): Finding[] {
  const { proxied, bare, service } = at;
  const said = rules.flatMap((rule) =>
    service.ports.flatMap(({ port }) => {
      const mode = rule.tls[String(port)] ?? rule.tls[""];
      return mode === undefined ? [] : [{ rule, port, mode }];
    }),
  );
  const encrypting = said.find(({ mode }) => mode === "ISTIO_MUTUAL");
  if (encrypting && bare.length > 0) return [encryptsToBare(at, encrypting.rule, encrypting.mode)];
  for (const { rule, port, mode } of said) {
    if (mode !== "DISABLE") continue;
    const strict = proxied
      .map((pod) => peerMode(peers, pod, { port, root }))
      .find((one) => one.mode === "STRICT");
    if (strict) return [plainToStrict(at, rule, strict.rule)];
  }
  const old = said.length === 0 && bare.length > 0 && planes.find(hasHeadlessBug);
  if (old) return [oldBug(at, old.version ?? "")];
  return proxied.length > 0 && bare.length > 0 ? [halfInMesh(at)] : [];
}

/** Pods of a StatefulSet come back under their name; clients of anything else remember addresses. */
function addressFindings(at: Headless, planes: readonly ControlPlane[]): Finding[] {
  const ports = at.service.ports.filter(isHttp).map(({ port }) => port);
  const changing = at.proxied.some(({ owner }) => owner?.kind !== "StatefulSet");
  if (ports.length === 0 || !changing || planes.some(({ eds }) => eds)) return [];
  return [staleAddresses(at, ports)];
}

/** Without a ready pod there is nobody to connect to, and that is no matter of stale addresses. */
function staleFindings(at: Headless, stale: Stale | undefined): Finding[] {
  const reachable = [...at.proxied, ...at.bare].some(({ ready }) => ready);
  return stale && reachable ? [staleDestination(at, stale)] : [];
}

/**
 * Subject: the headless Service, no part; affected: the pods that cannot be reached, or may not.
 * Codes: mtls-to-plain-pods, plain-to-strict-pods, old-version-mtls (fail), half-in-mesh (warn), of these the first
 * that applies; original-destination (warn): HTTP to pods whose addresses change; balancing-without-effect (warn).
 * stale-original-destination (fail): requests that get no connection while pods are ready; affected: their callers.
 * The last is counted by the callers' proxies, read through pods/proxy of a sample of them; without that right nothing
 * is said about it. The addresses themselves are shown by Envoy to its own pod only.
 * Services without a selector and clusters without a single proxy are not looked at.
 */
export const check = defineCheck({
  id: "kubernetes/istio-headless-services",
  version: 2,
  title: { en: "Headless Services in the mesh", "zh-CN": "网格里的无头服务" },
  why: {
    en: "Callers of a headless Service connect to pods by address. The proxy cannot choose another pod, nor tell beforehand whether this one speaks mutual TLS, and it keeps addresses of pods that are gone.",
    "zh-CN":
      "无头服务的调用方直接按地址连接 Pod。代理既不能换一个 Pod，也无法事先知道对方是否支持双向 TLS，还会留着已经消失的 Pod 的地址。",
  },
  remedy: {
    en: "Have all pods of such a Service in the mesh or none, say the TLS mode only where it fits, and give HTTP clients an ordinary Service.",
    "zh-CN":
      "让这类服务的 Pod 要么全在网格里，要么全不在；只在匹配时才写 TLS 模式；HTTP 客户端改用普通 Service。",
  },
  params: z.object({
    addresses: param(z.boolean().default(true), {
      label: {
        en: "Report HTTP to pods whose addresses change",
        "zh-CN": "报告 Pod 地址会变化的 HTTP 无头服务",
      },
    }),
    proxies: param(z.number().int().min(1).max(50).default(20), {
      label: { en: "Callers' proxies to ask, where permitted", "zh-CN": "有权限时询问多少个调用方代理" },
    }),
    windowSeconds: param(z.number().int().min(1).max(60).default(5), {
      label: { en: "Time between two readings", "zh-CN": "两次读取的间隔" },
      unit: "s",
    }),
  }),
  needs: ({ proxies, windowSeconds }) => ({
    rules: kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickHeadlessRule),
    peers: peerNeed,
    services: kubernetes.list(kinds.Service, pickHeadlessService),
    pods: registryNeeds.pods,
    planes: kubernetes.list(kinds.Pod, pickControlPlane),
    mesh: registryNeeds.mesh,
    failures: proxyStatistics({ proxies, windowSeconds }, parseFailures),
  }),
  judge: ({ rules, peers, services, pods, planes, mesh, failures }, { addresses }) => {
    if (!pods.some(({ proxied }) => proxied)) return { skip: { what: "proxies", detail: "no pod has one" } };
    const registry = meshRegistry({ services, pods, serviceEntries: [], destinationRules: rules, mesh });
    const headless = services.map((service): Headless & { rules: HeadlessRule[] } => {
      const behind = registry.podsOf(service);
      const split = (has: boolean): MeshPod[] => behind.filter(({ proxied }) => proxied === has);
      const host = `${service.name}.${service.namespace}.svc.cluster.local`;
      const own = new Set<unknown>(registry.rulesFor(host, service.namespace));
      return {
        service,
        proxied: split(true),
        bare: split(false),
        rules: rules.filter((rule) => own.has(rule)),
      };
    });
    const stale = isUnread(failures) ? new Map<string, Stale>() : staleByHost(failures);
    return {
      findings: headless.flatMap((at) => {
        const balancing = at.rules.find(({ balances, host }) => balances && !host.startsWith("*"));
        const tls = tlsFindings(at, { rules: at.rules, peers, planes, root: registry.root });
        const refused = tls.some(({ verdict }) => verdict === "fail");
        return [
          ...tls,
          ...staleFindings(at, refused ? undefined : stale.get(hostOf(at))),
          ...(addresses ? addressFindings(at, planes) : []),
          ...(balancing && !planes.some(({ eds }) => eds) ? [balancesNothing(at, balancing)] : []),
        ];
      }),
      measurements: [
        { name: "headless-services", value: services.length, unit: "{services}" },
        ...(isUnread(failures)
          ? []
          : [{ name: "proxies-asked", value: failures[1].value.asked, unit: "{pods}" }]),
      ],
    };
  },
});
