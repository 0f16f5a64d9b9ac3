import type { Namespace, Service } from "kubernetes-types/core/v1.d.ts";
import type { EndpointSlice } from "kubernetes-types/discovery/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";

/** The webhooks that put Istio's proxy into pods, what stands behind them, and the namespaces that ask for it. */

type Labels = Record<string, string>;
type Expression = { key?: string; operator?: string; values?: string[] };
type LabelSelector = { matchLabels?: Labels; matchExpressions?: Expression[] };
type WebhookObject = {
  name?: string;
  clientConfig?: {
    service?: { namespace?: string; name?: string; port?: number };
    url?: string;
    caBundle?: string;
  };
  failurePolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
};
type WebhookConfigurationObject = { metadata?: ObjectMeta; webhooks?: WebhookObject[] };

export type InjectorWebhook = {
  /** absent where a URL outside the cluster is called */
  service?: { namespace: string; name: string; port: number };
  hasCa: boolean;
  /** a failing call lets the pod through, without a proxy */
  lenient: boolean;
  namespaces: LabelSelector;
  pods: LabelSelector;
};
export type Injector = { name: string; webhooks: InjectorWebhook[] };
export type InjectedNamespace = { name: string; labels: Labels };
export type ServicePorts = { namespace: string; name: string; ports: number[] };
export type ReadyEndpoints = { namespace: string; service: string; ready: number };

/** A configuration that was switched off in favour of a revision tag selects what no namespace carries. */
const deactivated = "istio.io/deactivated";

export function pickInjector(object: unknown): Injector | undefined {
  const { metadata, webhooks = [] } = object as WebhookConfigurationObject;
  const own = webhooks.filter(
    ({ name, namespaceSelector }) =>
      name?.endsWith("sidecar-injector.istio.io") && !namespaceSelector?.matchLabels?.[deactivated],
  );
  if (own.length === 0) return undefined;
  return {
    name: metadata?.name ?? "",
    webhooks: own.map(({ clientConfig = {}, failurePolicy, namespaceSelector = {}, objectSelector = {} }) => {
      const { service, caBundle = "" } = clientConfig;
      return {
        ...(service && {
          service: {
            namespace: service.namespace ?? "",
            name: service.name ?? "",
            port: service.port ?? 443,
          },
        }),
        hasCa: caBundle !== "",
        lenient: failurePolicy === "Ignore",
        namespaces: namespaceSelector,
        pods: objectSelector,
      };
    }),
  };
}

/** Namespaces that say anything about injection. */
export function pickInjectedNamespace({ metadata }: Namespace): InjectedNamespace | undefined {
  const { name = "", labels = {}, deletionTimestamp } = metadata ?? {};
  if (deletionTimestamp !== undefined) return undefined;
  return "istio-injection" in labels || "istio.io/rev" in labels ? { name, labels } : undefined;
}

export function pickServicePorts({ metadata, spec }: Service): ServicePorts {
  const { namespace = "", name = "" } = metadata ?? {};
  return { namespace, name, ports: (spec?.ports ?? []).map(({ port }) => port) };
}

export function pickReadyEndpoints({ metadata, endpoints }: EndpointSlice): ReadyEndpoints | undefined {
  const service = metadata?.labels?.["kubernetes.io/service-name"];
  if (service === undefined) return undefined;
  // A slice without endpoints has null in their place.
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length;
  return { namespace: metadata?.namespace ?? "", service, ready };
}

function holds({ key = "", operator = "", values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => holds(expression, labels))
  );
}

/** Whether any of the webhooks is asked about a pod without labels of its own in such a namespace. */
export function injectsInto(injectors: readonly Injector[], labels: Labels): boolean {
  return injectors.some(({ webhooks }) =>
    webhooks.some(({ namespaces, pods }) => selects(namespaces, labels) && selects(pods, {})),
  );
}

/** What a namespace's labels come to. `istio-injection` goes before `istio.io/rev`, whatever its value. */
export function wishOf(labels: Labels): "inject" | "refuse" | "no-effect" {
  const value = labels["istio-injection"];
  if (value === undefined) return labels["istio.io/rev"] === undefined ? "no-effect" : "inject";
  return value === "enabled" ? "inject" : value === "disabled" ? "refuse" : "no-effect";
}
