import { z } from "zod";
import type { Finding } from "#common/result.ts";
import { defineCheck } from "../define-check.ts";
import { meshConfigNeed } from "../needs/istio-mesh-config.ts";
import { meshRegistry, pickMeshService } from "../needs/istio-registry.ts";
import { kinds, kubernetes } from "../needs/kubernetes.ts";
import { isUnread, optional } from "../needs/need.ts";
import { notReadFinding } from "../needs/not-read.ts";
import { compare } from "../needs/owners.ts";
import { eager, missingOf, unlimited } from "../needs/retry-findings.ts";
import { pickEagerIngress, pickLimitingRule, pickRetryingService } from "../needs/retry-policies.ts";

/**
 * Subjects and codes (all warn):
 * - VirtualService, part: the route. retries-unbounded, no-breaker, no-budget (of the destinations of a route that
 *   sets attempts; the first that lacks something). How many attempts are too many, the check of timeouts says.
 * - Ingress of ingress-nginx: unlimited-tries, repeats-writes.
 * - Cluster, part: the kind. not-read (unknown: it is there and could not be read).
 * Without Istio only Ingresses are judged.
 */
export const check = defineCheck({
  id: "kubernetes/retry-strategies",
  version: 2,
  title: { en: "Retries without a limit", "zh-CN": "没有约束的重试" },
  why: {
    en: "A retry helps against a coincidence and hurts in an outage: it multiplies the load on what is already down, and keeps it down after the cause is gone.",
    "zh-CN": "重试能对付偶发错误，遇到故障却会帮倒忙：已经倒下的服务要承受成倍的流量，原因消失后也爬不起来。",
  },
  remedy: {
    en: "Few attempts with back-off and jitter, in one layer only, with a budget and a circuit breaker beside them.",
    "zh-CN": "次数少、带退避和抖动，只在一层做，并配上重试预算和熔断。",
  },
  params: z.object({}),
  needs: {
    virtualServices: optional(
      kubernetes.list([kinds.VirtualService, kinds.VirtualServiceBeta], pickRetryingService),
    ),
    rules: optional(kubernetes.list([kinds.DestinationRule, kinds.DestinationRuleBeta], pickLimitingRule)),
    services: kubernetes.list(kinds.Service, pickMeshService),
    mesh: meshConfigNeed,
    ingresses: kubernetes.list(kinds.Ingress, pickEagerIngress),
  },
  judge: ({ virtualServices, rules, services, ingresses, mesh }) => {
    const retrying = isUnread(virtualServices) ? [] : virtualServices;
    const known = isUnread(rules) ? [] : rules;
    const registry = meshRegistry({ services, pods: [], serviceEntries: [], destinationRules: known, mesh });
    const byIdentity = new Map(known.map((rule) => [`${rule.namespace}/${rule.name}`, rule]));
    const lackingOf = (host: string, client: string) => {
      const full = registry.target(host, client)?.host ?? host;
      const own = registry.rulesFor(full, client);
      return missingOf(own.flatMap(({ namespace, name }) => byIdentity.get(`${namespace}/${name}`) ?? []));
    };
    const findings = retrying.flatMap((service) =>
      service.routes.flatMap(({ at, attempts, destinations }): Finding[] => {
        for (const { host } of isUnread(rules) ? [] : destinations) {
          const code = lackingOf(host, service.namespace);
          if (code) return [unlimited(service, at, code, { attempts, host })];
        }
        return [];
      }),
    );
    return {
      findings: [
        ...findings.sort((a, b) => compare(JSON.stringify(a.subject), JSON.stringify(b.subject))),
        ...ingresses.map(eager),
        ...notReadFinding("virtualservices", virtualServices),
        ...notReadFinding("destinationrules", rules),
      ],
      measurements: [{ name: "routes-that-repeat", value: retrying.length, unit: "{routes}" }],
    };
  },
});
