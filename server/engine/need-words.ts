import type { EndpointRequest } from "../checks/needs/endpoint-requests.ts";
import type { KubernetesSingleRequest } from "../checks/needs/kubernetes-requests.ts";
import type {
  HostRequest,
  KubernetesGetRequest,
  KubernetesListRequest,
  NeedRequest,
} from "../checks/needs/need.ts";

type Words = { what: string; unit: string };

/** What a need reads, in the words of its system, and what its coverage counts. */
export function needWords(need: NeedRequest): Words {
  switch (need.type) {
    case "kubernetes.list":
      return { what: listWords(need), unit: need.kind.resource };
    case "kubernetes.get":
      return { what: getWords(need), unit: "objects" };
    case "sampled":
      return {
        what: `${needWords(need.need).what} twice, ${need.windowMs / 1000} s apart`,
        unit: "readings",
      };
    case "tls.handshake":
      return {
        what: `TLS handshake${need.endpoint ? ` with ${endpointWords(need)}` : ""}`,
        unit: "handshakes",
      };
    case "document.text":
      return { what: "the pasted document", unit: "documents" };
    case "host.file":
    case "host.glob":
    case "host.links":
    case "host.stats":
    case "host.command":
      return hostWords(need);
    case "host.active":
      return { what: need.argv.join(" "), unit: "runs" };
    default:
      return need.type.startsWith("kubernetes.")
        ? kubernetesWords(need as KubernetesSingleRequest)
        : protocolWords(need as EndpointRequest);
  }
}

function listWords(need: KubernetesListRequest): string {
  return `list ${need.kind.resource}${selectorWords(need)}`;
}

function selectorWords(need: { labelSelector?: string; fieldSelector?: string }): string {
  const selectors = [need.labelSelector, need.fieldSelector].filter((selector) => selector !== undefined);
  return selectors.length > 0 ? ` where ${selectors.join(" and ")}` : "";
}

function getWords(need: KubernetesGetRequest): string {
  const namespace = need.namespace === undefined ? "" : `${need.namespace}/`;
  return `get ${need.kind.resource} ${namespace}${need.name}`;
}

function endpointWords(need: Extract<NeedRequest, { type: "tls.handshake" }>): string {
  const at = need.endpoint ? `${need.endpoint.host}:${need.endpoint.port}` : "";
  return need.serverName && need.serverName !== need.endpoint?.host ? `${at} as ${need.serverName}` : at;
}

function hostWords(need: HostRequest): Words {
  switch (need.type) {
    case "host.file":
      return { what: need.path, unit: "files" };
    case "host.glob":
      return { what: need.pattern, unit: "files" };
    case "host.links":
      return { what: `links ${need.pattern}`, unit: "links" };
    case "host.stats":
      return { what: `stat ${need.pattern}`, unit: "files" };
    case "host.command":
      return { what: `${need.sudo ? "sudo " : ""}${need.argv.join(" ")}`, unit: "commands" };
  }
}

function kubernetesWords(need: KubernetesSingleRequest): Words {
  switch (need.type) {
    case "kubernetes.raw":
      return { what: `GET ${need.path}`, unit: "answers" };
    case "kubernetes.nodes":
      return { what: `GET ${need.path} of every kubelet`, unit: "nodes" };
    case "kubernetes.pod-proxy":
      return { what: `GET ${need.path} of pod ${need.namespace}/${need.pod}:${need.port}`, unit: "answers" };
    case "kubernetes.pods-proxy": {
      const where = need.namespace === undefined ? "" : ` in ${need.namespace}`;
      return {
        what: `GET ${need.path} at port ${need.port} of pods with ${need.labelSelector}${where}`,
        unit: "pods",
      };
    }
    case "kubernetes.log":
      return {
        what: `the last ${need.tailLines} log lines of ${need.namespace}/${need.pod}${need.container ? ` (${need.container})` : ""}`,
        unit: "logs",
      };
    case "kubernetes.watch":
      return {
        what: `watch ${need.kind.resource}${selectorWords(need)} for ${need.seconds} s`,
        unit: "events",
      };
    case "kubernetes.review": {
      const resource = need.subresource ? `${need.resource}/${need.subresource}` : need.resource;
      const where = need.namespace === undefined ? "" : ` in namespace ${need.namespace}`;
      return { what: `whether it may ${need.verb} ${resource}${where}`, unit: "reviews" };
    }
    case "kubernetes.identity":
      return { what: "who the credential is", unit: "reviews" };
    case "kubernetes.discovery":
      return { what: "which kinds are served", unit: "groups" };
    case "kubernetes.counts":
      return { what: "how many objects there are of each kind", unit: "kinds" };
    case "kubernetes.port-forward":
      return { what: `port-forward to ${need.namespace}/${need.pod}:${need.port}`, unit: "exchanges" };
  }
}

function protocolWords(need: EndpointRequest): Words {
  switch (need.type) {
    case "http.request": {
      const at = need.url ?? `the endpoint${need.path ?? ""}`;
      const times = need.repeat && need.repeat > 1 ? `, ${need.repeat} times` : "";
      return { what: `${need.method} ${at}${times}`, unit: "exchanges" };
    }
    case "dns.query": {
      const via = need.via;
      const server = via === null ? "the resolver" : dnsServer(via);
      return { what: `${need.recordType} of ${need.name} from ${server}`, unit: "answers" };
    }
    case "registry.image":
      return { what: `image ${need.reference}`, unit: "images" };
    case "mysql.query":
      return { what: need.sql.replace(/\s+/g, " ").trim(), unit: "statements" };
    case "prometheus.query":
      return { what: need.query, unit: "queries" };
    case "prometheus.range":
      return { what: `${need.query} over ${need.windowSeconds} s`, unit: "queries" };
    case "kafka.cluster":
      return {
        what: `brokers, ${need.topics ? need.topics.join(", ") : "topics"} and their settings`,
        unit: "clusters",
      };
  }
}

function dnsServer(via: NonNullable<Extract<EndpointRequest, { type: "dns.query" }>["via"]>): string {
  if (via.transport === "system") return "the system's resolver";
  return "url" in via ? via.url : `${via.host}:${via.port} over ${via.transport.toUpperCase()}`;
}
