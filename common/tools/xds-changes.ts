/** Which of Envoy's discovery services carry a change in an Istio mesh, and to whom. */

export const xdsServices = ["LDS", "RDS", "CDS", "EDS", "SDS"] as const;
export type XdsService = (typeof xdsServices)[number];

/** Names of the glossary: the five above, and what else goes by such a name. */
export const xdsGlossary = [...xdsServices, "ADS", "ECDS", "NDS", "HDS", "MS", "RLS"] as const;
export type XdsTerm = (typeof xdsGlossary)[number];

export const xdsChanges = [
  "pod",
  "service",
  "virtual-service",
  "destination-rule",
  "gateway",
  "service-entry",
  "sidecar",
  "peer-authentication",
  "authorization-policy",
  "gateway-certificate",
  "workload-certificate",
  "envoy-filter",
] as const;
export type XdsChange = (typeof xdsChanges)[number];

/** Who hears of it: proxies that import the host, those the object selects, gateways, or one pod alone. */
export type XdsAudience = "scope" | "selected" | "gateways" | "pod";
type Effect = { services: readonly XdsService[]; audience: XdsAudience; drains?: true };

const effects: Record<XdsChange, Effect> = {
  pod: { services: ["EDS"], audience: "scope" },
  service: { services: ["CDS", "EDS", "LDS", "RDS"], audience: "scope" },
  "virtual-service": { services: ["LDS", "RDS"], audience: "scope" },
  "destination-rule": { services: ["CDS", "EDS"], audience: "scope" },
  gateway: { services: ["LDS", "RDS", "SDS"], audience: "gateways", drains: true },
  "service-entry": { services: ["CDS", "EDS", "LDS", "RDS"], audience: "scope" },
  sidecar: { services: ["CDS", "EDS", "LDS", "RDS"], audience: "selected" },
  "peer-authentication": { services: ["CDS", "EDS", "LDS"], audience: "scope", drains: true },
  "authorization-policy": { services: ["LDS"], audience: "selected", drains: true },
  "gateway-certificate": { services: ["SDS"], audience: "gateways" },
  "workload-certificate": { services: ["SDS"], audience: "pod" },
  "envoy-filter": { services: ["CDS", "LDS", "RDS"], audience: "selected", drains: true },
};

/** Make before break: what is pointed at comes before what points at it. */
const pushOrder: readonly XdsService[] = ["CDS", "EDS", "LDS", "RDS", "SDS"];

export type XdsEffect = {
  services: XdsService[];
  audience: XdsAudience;
  /** connections through a listener that changes are drained */
  drains: boolean;
  receivers: number;
  messages: number;
};

/** `concerned`: proxies that import the host, that the object selects, or that are gateways, as the change has it. */
export function xdsEffect(change: XdsChange, proxies: number, concerned: number): XdsEffect {
  const { services, audience, drains = false } = effects[change];
  const receivers = audience === "pod" ? Math.min(1, proxies) : Math.min(concerned, proxies);
  return {
    services: pushOrder.filter((one) => services.includes(one)),
    audience,
    drains,
    receivers,
    messages: receivers * services.length,
  };
}
