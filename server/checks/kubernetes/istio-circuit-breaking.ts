import { z } from "zod";
import { defineCheck } from "../define-check.ts";
import { breakerFindings, unprotected } from "../needs/istio-breaker-findings.ts";
import { type BreakerRule, pickBreakerRule } from "../needs/istio-breakers.ts";
import { serviceOf } from "../needs/istio-hosts.ts";
import { meshConfigNeed } from "../needs/istio-mesh-config.ts";
import { meshRegistry, pickMeshService, type RegistryFacts } from "../needs/istio-registry.ts";
import { type DestinationRule, istioNeeds, type VirtualService } from "../needs/istio-routing.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { compare } from "../needs/owners.ts";
import { param } from "../needs/param.ts";

type Facts = {
  rules: BreakerRule[];
  virtualServices: VirtualService[];
  services: ReturnType<typeof pickMeshService>[];
  mesh: RegistryFacts["mesh"];
};

/** The Services that routes lead to and no rule with a policy holds for, by namespace. */
function uncovered({ rules, virtualServices, services, mesh }: Facts): [string, string[]][] {
  const registry = meshRegistry({ services, pods: [], serviceEntries: [], destinationRules: rules, mesh });
  const covering = new Set<DestinationRule>(rules.filter(({ policies }) => policies.length > 0));
  const found = new Map<string, Set<string>>();
  for (const { namespace: client, routes } of virtualServices)
    for (const { host } of routes.flatMap(({ destinations }) => destinations)) {
      const target = registry.target(host, client);
      const service = target && serviceOf(target.host);
      // Without endpoints of its own an external name is somebody else's to protect.
      if (!target || !service || target.kind !== "Service" || target.service.external) continue;
      if (registry.rulesFor(target.host, client).some((rule) => covering.has(rule))) continue;
      const names = found.get(service.namespace) ?? new Set();
      found.set(service.namespace, names.add(service.name));
    }
  const sorted = [...found].sort(([a], [b]) => compare(a, b));
  return sorted.map(([namespace, names]) => [namespace, [...names].sort(compare)]);
}

/**
 * Subjects and codes (all warn):
 * - DestinationRule: demo-limits (limits of a demonstration left over), no-outlier-detection (limits alone),
 *   outlier-detection-off (a threshold of zero), ejects-everyone (one error is enough, and all may go).
 * - Namespace: destination-without-policy; affected: its Services that routes lead to without any such policy.
 */
export const check = defineCheck({
  id: "kubernetes/istio-circuit-breaking",
  version: 2,
  title: { en: "Circuit breakers in the mesh", "zh-CN": "网格里的熔断设置" },
  why: {
    en: "A circuit breaker with the values of a demonstration rejects healthy traffic; one that is half configured, or absent, lets a sick pod take its share of every request.",
    "zh-CN": "带着演示值的熔断器会拒绝正常流量；只配了一半或根本没配，则会让异常的 Pod 照样分走流量。",
  },
  remedy: {
    en: "Size limits from measured concurrency, put outlier detection beside them, and never allow all pods to be ejected.",
    "zh-CN": "按实测并发设置上限，配上异常点检测，并且不允许把所有 Pod 都摘掉。",
  },
  params: z.object({
    demoLimit: param(z.number().int().min(1).max(1000).default(1), {
      label: { en: "Limits up to this are a demonstration's", "zh-CN": "不超过此值的上限视为演示值" },
    }),
    uncovered: param(z.boolean().default(true), {
      label: {
        en: "Report routed Services without any policy",
        "zh-CN": "报告有路由却没有任何策略的 Service",
      },
    }),
  }),
  needs: {
    rules: kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickBreakerRule),
    virtualServices: istioNeeds.virtualServices,
    services: kubernetes.list(kinds.Service, pickMeshService),
    mesh: meshConfigNeed,
  },
  judge: (facts, params) => {
    const { rules } = facts;
    const breakers = rules.filter(({ policies }) => policies.length > 0);
    const without = params.uncovered ? uncovered(facts) : [];
    return {
      findings: [
        ...breakerFindings(rules, params.demoLimit),
        ...without.map(([namespace, names]) => unprotected(namespace, names)),
      ],
      measurements: [
        { name: "destination-rules", value: rules.length, unit: "{rules}" },
        { name: "rules-with-a-breaker", value: breakers.length, unit: "{rules}" },
      ],
    };
  },
});
