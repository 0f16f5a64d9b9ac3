import type { Endpoints, Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { EndpointSlice } from "kubernetes-types/discovery/v1.d.ts";
import { selectorIndex } from "#common/kubernetes/label-selector.ts";
import { interned } from "./interned.ts";
import type { KubernetesSingleValues } from "./kubernetes-requests.ts";

/** A Service that finds pods by labels; `named`: ports of the pods it asks for by name. */
export type SelectingService = {
  namespace: string;
  name: string;
  selector: Record<string, string>;
  named: string[];
  unready?: true;
};
export type EndpointPod = {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  ready: boolean;
  ports: string[];
};
/** How many addresses a slice has, and of how many pods. */
export type SliceFact = { namespace: string; name: string; service: string; ready: number; notReady: number };
export type EndpointsFact = {
  namespace: string;
  name: string;
  ready: number;
  notReady: number;
  truncated?: true;
};
export type EndpointChange = {
  atMs: number;
  type: "ADDED" | "MODIFIED" | "DELETED";
  namespace: string;
  service: string;
  ready: number;
};

/** The names of all Services, and what those with a selector look for. */
export function pickService({
  metadata,
  spec,
}: Service): SelectingService | { namespace: string; name: string } {
  const place = { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
  const selector = spec?.selector ?? {};
  if (spec?.type === "ExternalName" || Object.keys(selector).length === 0) return place;
  const named = (spec?.ports ?? []).flatMap(({ targetPort }) =>
    typeof targetPort === "string" && !/^\d+$/.test(targetPort) ? [targetPort] : [],
  );
  return {
    ...place,
    ...{ selector, named: [...new Set(named)] },
    ...(spec?.publishNotReadyAddresses && { unready: true as const }),
  };
}

export function pickEndpointPod({ metadata, spec, status }: Pod): EndpointPod | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed" || metadata?.deletionTimestamp)
    return undefined;
  const sidecars = (spec?.initContainers ?? []).filter(
    (one) => (one as { restartPolicy?: string }).restartPolicy === "Always",
  );
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    labels: interned(metadata?.labels ?? {}),
    ready: status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false,
    ports: interned(
      [...(spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) =>
        ports.flatMap(({ name }) => name ?? []),
      ),
    ),
  };
}

export function pickSlice({ metadata, endpoints }: EndpointSlice): SliceFact | undefined {
  const service = metadata?.labels?.["kubernetes.io/service-name"];
  if (!service) return undefined;
  const all = endpoints ?? [];
  // Nothing said is ready, by the API's own rule.
  const ready = all.filter(({ conditions }) => conditions?.ready !== false).length;
  return {
    ...{ namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" },
    ...{ service, ready, notReady: all.length - ready },
  };
}

/** Locks of leader elections of old are Endpoints too, and speak of no Service. */
export function pickEndpoints({ metadata, subsets }: Endpoints): EndpointsFact | undefined {
  const annotations = metadata?.annotations ?? {};
  if (annotations["control-plane.alpha.kubernetes.io/leader"]) return undefined;
  const count = (of: "addresses" | "notReadyAddresses") =>
    new Set((subsets ?? []).flatMap((subset) => (subset[of] ?? []).map(({ ip }) => ip))).size;
  return {
    ...{ namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" },
    ...{ ready: count("addresses"), notReady: count("notReadyAddresses") },
    ...(annotations["endpoints.kubernetes.io/over-capacity"] && { truncated: true as const }),
  };
}

export function parseChanges(events: KubernetesSingleValues["kubernetes.watch"]): EndpointChange[] {
  return events.flatMap(({ atMs, type, object }) => {
    const slice = pickSlice(object as EndpointSlice);
    return slice
      ? [{ atMs, type, namespace: slice.namespace, service: slice.service, ready: slice.ready }]
      : [];
  });
}

/** The pods each Service finds. */
export function podsOfServices(
  services: readonly SelectingService[],
  pods: readonly EndpointPod[],
): Map<SelectingService, EndpointPod[]> {
  const found = new Map<SelectingService, EndpointPod[]>(services.map((service) => [service, []]));
  const servicesOf = selectorIndex(
    services.map((item) => ({ namespace: item.namespace, selector: { matchLabels: item.selector }, item })),
  );
  for (const pod of pods)
    for (const service of servicesOf(pod.namespace, pod.labels)) found.get(service)?.push(pod);
  return found;
}
