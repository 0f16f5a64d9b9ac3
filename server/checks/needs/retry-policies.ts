import type { Ingress } from "kubernetes-types/networking/v1.d.ts";
import {
  type DestinationRule,
  pickDestinationRule,
  pickVirtualService,
  type Route,
  type VirtualService,
} from "./istio-routing.ts";

/** Who repeats failed requests, and what limits that: in Istio's routes, and in ingress-nginx' annotations. */

type RouteObject = { retries?: { attempts?: number } };
type RetryingRoute = Route & { attempts: number };
export type RetryingService = Omit<VirtualService, "routes"> & { routes: RetryingRoute[] };

/** Routes that say how often to repeat; Istio's own two attempts of every other route are not anybody's policy. */
export function pickRetryingService(object: unknown): RetryingService | undefined {
  const service = pickVirtualService(object);
  const written = (object as { spec?: { http?: RouteObject[] } }).spec?.http ?? [];
  const routes = service.routes.flatMap((route): RetryingRoute[] => {
    const index = /^http\[(\d+)\]/.exec(route.at)?.[1];
    const attempts = index === undefined ? undefined : written[Number(index)]?.retries?.attempts;
    return attempts !== undefined && attempts > 0 ? [{ ...route, attempts }] : [];
  });
  return routes.length === 0 ? undefined : { ...service, routes };
}

type Policy = {
  connectionPool?: { http?: { maxRetries?: number } };
  outlierDetection?: { consecutive5xxErrors?: number; consecutiveGatewayErrors?: number };
  retryBudget?: object;
};
type RuleObject = { spec?: { trafficPolicy?: Policy; subsets?: { trafficPolicy?: Policy }[] } };

export type LimitingRule = DestinationRule & {
  /** sick pods are taken out for a while */
  breaks: boolean;
  /** repetitions at the same time are limited, by number or by share */
  budgets: boolean;
};

export function pickLimitingRule(object: unknown): LimitingRule {
  const { trafficPolicy, subsets = [] } = (object as RuleObject).spec ?? {};
  const all = [trafficPolicy, ...subsets.map((subset) => subset.trafficPolicy)].filter((one) => !!one);
  return {
    ...pickDestinationRule(object),
    breaks: all.some(
      ({ outlierDetection: outlier }) =>
        outlier !== undefined && (outlier.consecutive5xxErrors !== 0 || !!outlier.consecutiveGatewayErrors),
    ),
    budgets: all.some(
      ({ connectionPool, retryBudget }) =>
        retryBudget !== undefined || (connectionPool?.http?.maxRetries ?? 0) > 0,
    ),
  };
}

export type EagerIngress = { namespace: string; name: string; conditions: string; tries: string };

const prefix = "nginx.ingress.kubernetes.io/proxy-next-upstream";

/** ingress-nginx tries the next pod; 0 tries stand for as many as there are, and POST may be among them. */
export function pickEagerIngress({ metadata }: Ingress): EagerIngress | undefined {
  const annotations = metadata?.annotations ?? {};
  const conditions = annotations[prefix] ?? "";
  const tries = annotations[`${prefix}-tries`] ?? "";
  const unlimited = tries === "0" && (annotations[`${prefix}-timeout`] ?? "0") === "0";
  if (conditions === "off" || !(unlimited || /\bnon_idempotent\b/.test(conditions))) return undefined;
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", conditions, tries };
}
