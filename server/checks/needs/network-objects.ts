import type { DaemonSet } from "kubernetes-types/apps/v1.d.ts";
import type { Event, Node, Pod, Service } from "kubernetes-types/core/v1.d.ts";
import type { EndpointSlice } from "kubernetes-types/discovery/v1.d.ts";
import { isPlugin } from "./network-plugins.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** What a map of the cluster's network needs of each object. */

export type MapNode = {
  name: string;
  ranges: string[];
  addresses: string[];
  maxPods: number;
  createdAt: string;
  /** keys and values of annotations by which network plugins mark a node */
  marks: Record<string, string>;
};

const nodeMarks =
  /^(flannel\.alpha\.coreos\.com\/backend-type|projectcalico\.org\/IPv4(Address|IPIPTunnelAddr|VXLANTunnelAddr)|(io|network)\.cilium\.[a-z./]*ipv4-pod-cidr|network\.cilium\.io\/ipv4-pod-cidr|k8s\.ovn\.org\/node-subnets|node\.antrea\.io\/[a-z-]+)$/;

export function pickMapNode({ metadata, spec, status }: Node): MapNode {
  const ranges = spec?.podCIDRs ?? (spec?.podCIDR ? [spec.podCIDR] : []);
  return {
    name: metadata?.name ?? "",
    ranges,
    addresses: (status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address),
    maxPods: Number(status?.allocatable?.pods ?? 0) || 0,
    createdAt: metadata?.creationTimestamp ?? "",
    marks: Object.fromEntries(
      Object.entries(metadata?.annotations ?? {}).filter(([key]) => nodeMarks.test(key)),
    ),
  };
}

export type WaitingPod = OwnedPod & { node: string; since: string };
/** A pod with addresses, one that waits for its first, or what a control plane's pod was started with. */
export type MapPod = { node: string; ips: string[] } | { waiting: WaitingPod } | { flags: string[] };

const wantedFlags =
  /^--(service-cluster-ip-range|cluster-cidr|node-cidr-mask-size(-ipv4|-ipv6)?|allocate-node-cidrs)=/;

export function pickMapPod(pod: Pod): MapPod | undefined {
  const { spec, status, metadata } = pod;
  const component = metadata?.labels?.component;
  if (component === "kube-apiserver" || component === "kube-controller-manager") {
    const words = (spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args]);
    const flags = words.filter((word) => wantedFlags.test(word));
    return flags.length > 0 ? { flags } : undefined;
  }
  if (spec?.hostNetwork || !spec?.nodeName) return undefined;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const ips = (status?.podIPs ?? []).flatMap(({ ip }) => ip ?? []);
  if (ips.length === 0 && status?.podIP) ips.push(status.podIP);
  if (ips.length > 0) return { node: spec.nodeName, ips };
  if (metadata?.deletionTimestamp) return undefined;
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  const since = scheduled?.lastTransitionTime ?? status?.startTime ?? metadata?.creationTimestamp ?? "";
  return { waiting: { ...pickOwner(metadata), node: spec.nodeName, since } };
}

export type MapService = { namespace: string; name: string; ips: string[]; dns?: true };

const dnsNames = /^(kube-dns|coredns|rke2-coredns-rke2-coredns|dns-default)$/;
const dnsNamespaces = ["kube-system", "openshift-dns"];

export function pickMapService({ metadata, spec }: Service): MapService | undefined {
  const { namespace = "", name = "", labels = {} } = metadata ?? {};
  const ips = (spec?.clusterIPs ?? [spec?.clusterIP ?? ""]).filter((ip) => ip !== "" && ip !== "None");
  if (ips.length === 0) return undefined;
  const dns =
    dnsNamespaces.includes(namespace) &&
    (labels["k8s-app"] === "kube-dns" || dnsNames.test(name)) &&
    (spec?.ports ?? []).some(({ port }) => port === 53);
  return { namespace, name, ips, ...(dns && { dns }) };
}

export type DnsSlice = { namespace: string; service: string; ready: number; notReady: number };

/** The slices of the namespaces where a cluster's DNS is; an absent condition counts as ready. */
export function pickDnsSlice({ metadata, endpoints }: EndpointSlice): DnsSlice | undefined {
  const service = metadata?.labels?.["kubernetes.io/service-name"];
  const namespace = metadata?.namespace ?? "";
  if (!service || !dnsNamespaces.includes(namespace)) return undefined;
  const all = endpoints ?? [];
  const ready = all.filter(({ conditions }) => conditions?.ready !== false).length;
  return { namespace, service, ready, notReady: all.length - ready };
}

export type PluginSet = {
  namespace: string;
  name: string;
  images: string[];
  /** settings in plain environment variables that say how a plugin carries packets */
  settings: Record<string, string>;
  desired: number;
  ready: number;
};

const wantedSettings = /^(CALICO_IPV4POOL_(CIDR|IPIP|VXLAN)|CALICO_NETWORKING_BACKEND|CLUSTER_TYPE)$/;

/** DaemonSets that are a network plugin or kube-proxy. */
export function pickPluginSet({ metadata, spec, status }: DaemonSet): PluginSet | undefined {
  const containers = spec?.template.spec?.containers ?? [];
  const images = containers.flatMap(({ image }) => image ?? []);
  const name = metadata?.name ?? "";
  if (!isPlugin(name, images)) return undefined;
  const settings = containers
    .flatMap(({ env = [] }) => env)
    .flatMap(({ name: key, value }) => (value && wantedSettings.test(key) ? [[key, value] as const] : []));
  return {
    namespace: metadata?.namespace ?? "",
    name,
    images,
    settings: Object.fromEntries(settings),
    desired: status?.desiredNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
  };
}

export type SandboxEvent = { namespace: string; pod: string; message: string };

/** Why the kubelet could not give a pod its sandbox: the network plugin's own words, without long identifiers. */
export function pickSandboxEvent({ involvedObject, message = "" }: Event): SandboxEvent | undefined {
  if (involvedObject.kind !== "Pod" || !involvedObject.name) return undefined;
  return {
    namespace: involvedObject.namespace ?? "",
    pod: involvedObject.name,
    message: message.replaceAll(/[0-9a-f]{32,64}/g, "…").slice(0, 400),
  };
}

export type ApiRanges = { name: string; cidrs: string[] };
type AnyObject = {
  metadata?: { name?: string };
  spec?: { cidrs?: unknown; cidr?: unknown; disabled?: unknown };
};

/** A ServiceCIDR (spec.cidrs) or Calico's IPPool (spec.cidr, left out while it is switched off). */
export function pickApiRange(object: unknown): ApiRanges | undefined {
  const { metadata, spec } = object as AnyObject;
  if (spec?.disabled === true) return undefined;
  const cidrs = [spec?.cidrs, spec?.cidr].flat().filter((cidr) => typeof cidr === "string");
  return cidrs.length > 0 ? { name: metadata?.name ?? "", cidrs } : undefined;
}
