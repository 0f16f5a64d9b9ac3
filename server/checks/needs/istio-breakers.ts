import { type DestinationRule, pickDestinationRule } from "./istio-routing.ts";

/** What DestinationRules say about circuit breaking: limits of connections and requests, and ejecting sick pods. */

type PoolObject = {
  tcp?: { maxConnections?: number };
  http?: { http1MaxPendingRequests?: number; http2MaxRequests?: number; maxRequestsPerConnection?: number };
};
type OutlierObject = {
  consecutive5xxErrors?: number;
  consecutiveGatewayErrors?: number;
  consecutiveLocalOriginFailures?: number;
  maxEjectionPercent?: number;
  baseEjectionTime?: string;
};
type PolicyObject = {
  connectionPool?: PoolObject;
  outlierDetection?: OutlierObject;
  portLevelSettings?: (PolicyObject & { port?: { number?: number } })[];
};
type RuleObject = {
  spec?: { trafficPolicy?: PolicyObject; subsets?: { name?: string; trafficPolicy?: PolicyObject }[] };
};

/** `at` is empty for the whole host; "subset v1", "port 8080", "subset v1 port 8080" for a part of it. */
export type BreakerPolicy = { at: string; limits: [name: string, value: number][]; outlier?: OutlierObject };
export type BreakerRule = DestinationRule & { policies: BreakerPolicy[] };

const limitNames = [
  "maxConnections",
  "http1MaxPendingRequests",
  "http2MaxRequests",
  "maxRequestsPerConnection",
];

/** Zero means the default, which is no limit worth the name. */
function limitsOf({ tcp = {}, http = {} }: PoolObject): [string, number][] {
  const values: Record<string, unknown> = { ...tcp, ...http };
  return limitNames.flatMap((name): [string, number][] => {
    const value = values[name];
    return typeof value === "number" && value > 0 ? [[name, value]] : [];
  });
}

function outlierOf(outlier: OutlierObject): OutlierObject {
  const { consecutive5xxErrors, consecutiveGatewayErrors, consecutiveLocalOriginFailures } = outlier;
  const { maxEjectionPercent, baseEjectionTime } = outlier;
  return {
    ...(consecutive5xxErrors !== undefined && { consecutive5xxErrors }),
    ...(consecutiveGatewayErrors !== undefined && { consecutiveGatewayErrors }),
    ...(consecutiveLocalOriginFailures !== undefined && { consecutiveLocalOriginFailures }),
    ...(maxEjectionPercent !== undefined && { maxEjectionPercent }),
    ...(baseEjectionTime !== undefined && { baseEjectionTime }),
  };
}

/** A subset inherits what it does not say itself; settings of a port inherit nothing. */
function policiesOf(at: string, policy: PolicyObject, inherited: PolicyObject): BreakerPolicy[] {
  const pool = policy.connectionPool ?? inherited.connectionPool;
  const outlier = policy.outlierDetection ?? inherited.outlierDetection;
  const ports = (policy.portLevelSettings ?? []).flatMap((own) =>
    policiesOf(`${at}${at ? " " : ""}port ${own.port?.number ?? "?"}`, { ...own, portLevelSettings: [] }, {}),
  );
  const limits = limitsOf(pool ?? {});
  if (limits.length === 0 && !outlier) return ports;
  return [{ at, limits, ...(outlier && { outlier: outlierOf(outlier) }) }, ...ports];
}

export function pickBreakerRule(object: unknown): BreakerRule {
  const { trafficPolicy = {}, subsets = [] } = (object as RuleObject).spec ?? {};
  const own = subsets.filter((subset) => subset.trafficPolicy);
  return {
    ...pickDestinationRule(object),
    policies: [
      ...policiesOf("", trafficPolicy, {}),
      ...own.flatMap((subset) =>
        policiesOf(`subset ${subset.name ?? ""}`, subset.trafficPolicy ?? {}, trafficPolicy),
      ),
    ],
  };
}

/** A limit so low that only a demonstration can mean it. One request per connection alone may be meant. */
export function demoLimits({ limits }: BreakerPolicy, demoLimit: number): [string, number][] {
  const low = limits.filter(([, value]) => value <= demoLimit);
  return low.some(([name]) => name !== "maxRequestsPerConnection") ? low : [];
}

export function limitsWithoutOutlier({ limits, outlier }: BreakerPolicy): boolean {
  return !outlier && limits.some(([name]) => name !== "maxRequestsPerConnection");
}

/** The default of five errors holds where none is named; zero switches a counter off. */
export function neverEjects({ outlier }: BreakerPolicy): boolean {
  if (outlier?.consecutive5xxErrors !== 0) return false;
  return !outlier.consecutiveGatewayErrors && !outlier.consecutiveLocalOriginFailures;
}

/** One error of each pod at the same time, and there is nobody left to send to. */
export function ejectsEveryone({ outlier }: BreakerPolicy): boolean {
  const thresholds = [outlier?.consecutive5xxErrors, outlier?.consecutiveGatewayErrors];
  return (outlier?.maxEjectionPercent ?? 10) >= 100 && thresholds.some((count) => count === 1);
}
