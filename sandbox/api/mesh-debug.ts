import { istioVersion } from "../objects/proxy.ts";
import type { ApiObject, PodObject } from "../objects/types.ts";
import { hexFrom } from "../prng.ts";
import type { Answer, Cluster } from "./context.ts";
import { isPlanned } from "./resource-metrics.ts";
import { plantedPastsOf } from "./usage.ts";

const json = (object: unknown): Answer => ({ status: 200, object });

/** What Istio's own programs answer at their ports for people; undefined: not one of them, or another page. */
export function meshAnswer(cluster: Cluster, pod: ApiObject, port: number, path: string): Answer | undefined {
  const { labels = {} } = pod.metadata;
  if (labels.app === "istiod" && (port === 15_014 || port === 8080)) return controlPlane(cluster, port, path);
  const proxy = proxyOf(pod as PodObject);
  if (proxy === undefined) return undefined;
  return proxyAnswer(versionOf(proxy), port, path, () => lostRequests(cluster, pod as PodObject));
}

/** Whether a proxy in the pod listens at a port that no container declares. */
export function isProxyPort(pod: ApiObject, port: number): boolean {
  return proxyOf(pod as PodObject) !== undefined && [15_000, 15_020, 15_021, 15_090].includes(port);
}

function proxyOf({ spec }: PodObject) {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === "istio-proxy");
}

const versionOf = ({ image }: { image: string }) => /:v?([\d.]+)/.exec(image)?.[1] ?? istioVersion;

function controlPlane(cluster: Cluster, port: number, path: string): Answer | undefined {
  if (path === "ready" && port === 8080) return { status: 200, text: "" };
  if (path === "version") return json({ version: istioVersion, revision: "0000000", status: "Clean" });
  if (path === "debug/syncz") return json(proxies(cluster).map(syncStatus));
  return path === "metrics" ? { status: 200, text: pilotMetrics(proxies(cluster).length) } : undefined;
}

function proxies({ store }: Cluster): PodObject[] {
  const found: PodObject[] = [];
  for (const [, object] of store.of("pods").walk("", "", store.revision)) {
    const pod = object as PodObject;
    if (pod.status.phase === "Running" && proxyOf(pod)) found.push(pod);
  }
  return found;
}

/** Everything that was sent has been acknowledged. */
function syncStatus(pod: PodObject): Record<string, string> {
  const { name, namespace } = pod.metadata;
  const nonces = ["cluster", "listener", "route", "endpoint"].flatMap((kind) => {
    const nonce = hexFrom(`${pod.metadata.uid}/${kind}`, 32);
    return [
      [`${kind}_sent`, nonce],
      [`${kind}_acked`, nonce],
    ];
  });
  const container = proxyOf(pod);
  return {
    cluster_id: "Kubernetes",
    proxy: `${name}.${namespace}`,
    proxy_type: pod.metadata.labels?.istio === "ingressgateway" ? "router" : "sidecar",
    istio_version: container ? versionOf(container) : istioVersion,
    ...Object.fromEntries(nonces),
  };
}

function pilotMetrics(count: number): string {
  return `# TYPE istio_build gauge
istio_build{component="pilot",tag="${istioVersion}"} 1
# TYPE pilot_xds gauge
pilot_xds{version="${istioVersion}"} ${count}
# TYPE pilot_total_xds_rejects counter
pilot_total_xds_rejects{type="cds"} 0
# TYPE pilot_xds_push_context_errors counter
pilot_xds_push_context_errors 0
# TYPE pilot_conflict_inbound_listener gauge
pilot_conflict_inbound_listener 0
# TYPE pilot_conflict_outbound_listener_tcp_over_current_tcp gauge
pilot_conflict_outbound_listener_tcp_over_current_tcp 0
`;
}

function proxyAnswer(
  version: string,
  port: number,
  path: string,
  requests: () => string,
): Answer | undefined {
  if (port === 15_021 && path === "healthz/ready") return { status: 200, text: "" };
  if (port === 15_000 && path === "server_info") {
    return json({ version: `0000000/${version}/Clean/RELEASE/BoringSSL`, state: "LIVE" });
  }
  const stats = (port === 15_020 || port === 15_090) && path === "stats/prometheus";
  if (!stats && !(port === 15_000 && path === "stats")) return undefined;
  return { status: 200, text: stats ? prometheusStats + requests() : plainStats };
}

const began = Date.now();

/** What a proxy has counted of requests that got no connection, in Istio's own words. */
function lostRequests(cluster: Cluster, pod: PodObject): string {
  const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
  const past = isPlanned(cluster, pod) ? plantedPastsOf(cluster.controllers.plan).get(key) : undefined;
  if (!past?.lost) return "";
  const { host, before = 0, perSecond = 0 } = past.lost;
  const count = before + Math.floor(((Date.now() - began) / 1000) * perSecond);
  const labels = `reporter="source",source_workload="${pod.metadata.labels?.["app.kubernetes.io/name"]}",destination_service="${host}",request_protocol="http",response_code="503",response_flags="UF,URX"`;
  return `# TYPE istio_requests_total counter\nistio_requests_total{${labels}} ${count}\n`;
}

const plainStats = `cluster_manager.active_clusters: 42
listener_manager.total_listeners_active: 24
server.state: 0
`;
const prometheusStats = `# TYPE envoy_cluster_manager_active_clusters gauge
envoy_cluster_manager_active_clusters{} 42
# TYPE envoy_listener_manager_total_listeners_active gauge
envoy_listener_manager_total_listeners_active{} 24
# TYPE envoy_server_state gauge
envoy_server_state{} 0
`;
