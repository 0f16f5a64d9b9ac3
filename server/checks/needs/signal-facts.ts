import type { Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { Ingress } from "kubernetes-types/networking/v1.d.ts";
import { interned } from "./interned.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What tells of a pod whether metrics, logs and traces of it get anywhere. */
export type SignalPod = OwnedPod & {
  labels: Record<string, string>;
  node: string;
  ready?: true;
  /** numbers and names of its ports */
  ports: string[];
  /** the port an annotation asks to be scraped; "" where it names none */
  scraped?: string;
  /** a port that is named as metrics are */
  metricsPort?: true;
  /** where it sends traces, "" where something else decides */
  traced?: string;
  proxied?: true;
};

export type EntryService = {
  namespace: string;
  name: string;
  type: "ClusterIP" | "NodePort" | "LoadBalancer";
  selector?: Record<string, string>;
  labels: Record<string, string>;
};
export type EntryIngress = { namespace: string; name: string; services: string[] };

const metricsNames = /^(http-)?(metrics|prom|prometheus)$/;
const proxies = /^(istio-proxy|linkerd-proxy|envoy-sidecar|kuma-sidecar)$/;
const endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "JAEGER_ENDPOINT"];

export function pickSignalPod({ metadata, spec, status }: Pod): SignalPod | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed" || metadata?.deletionTimestamp)
    return undefined;
  const annotations = metadata?.annotations ?? {};
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const ports = containers.flatMap((container) => container.ports ?? []);
  const env = containers.flatMap((container) => container.env ?? []);
  const endpoint = endpoints.map((name) => env.find((one) => one.name === name)).find(Boolean);
  const injected = Object.keys(annotations).some((key) =>
    key.startsWith("instrumentation.opentelemetry.io/inject"),
  );
  const isReady = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  return {
    ...pickOwner(metadata),
    ...{ labels: interned(metadata?.labels ?? {}), node: spec?.nodeName ?? "" },
    ports: interned(
      ports.flatMap(({ name, containerPort }) => [String(containerPort), ...(name ? [name] : [])]),
    ),
    ...(isReady && { ready: true as const }),
    ...(annotations["prometheus.io/scrape"] === "true" && {
      scraped: annotations["prometheus.io/port"] ?? "",
    }),
    ...(ports.some(({ name = "" }) => metricsNames.test(name)) && { metricsPort: true as const }),
    ...((endpoint || injected) && { traced: addressOf(endpoint?.value) }),
    ...(containers.some(({ name }) => proxies.test(name)) && { proxied: true as const }),
  };
}

/** Host alone: whatever else an address may hold is nobody's business here. */
function addressOf(value: string | undefined): string {
  const host = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?([A-Za-z0-9.-]+)(?::\d+)?(?:\/|$)/.exec(value ?? "");
  return host?.[1] ?? "";
}

export function pickEntryService({ metadata, spec }: Service): EntryService | undefined {
  const { type = "ClusterIP" } = spec ?? {};
  const selector = spec?.selector ?? {};
  if (type === "ExternalName") return undefined;
  return {
    ...{ namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", labels: metadata?.labels ?? {} },
    type: type === "NodePort" || type === "LoadBalancer" ? type : "ClusterIP",
    ...(Object.keys(selector).length > 0 && { selector }),
  };
}

export function pickEntryIngress({ metadata, spec }: Ingress): EntryIngress {
  const rules = (spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const backends = [spec?.defaultBackend, ...rules.map(({ backend }) => backend)];
  return {
    ...{ namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" },
    services: [...new Set(backends.flatMap((backend) => backend?.service?.name ?? []))],
  };
}
