import type {
  HostRequest,
  KubernetesGetRequest,
  KubernetesListRequest,
  NeedRequest,
} from "../checks/needs/need.ts";

/** What a need reads, in the words of its system, and what its coverage counts. */
export function needWords(need: NeedRequest): { what: string; unit: string } {
  switch (need.type) {
    case "kubernetes.list":
      return { what: listWords(need), unit: need.kind.resource };
    case "kubernetes.get":
      return { what: getWords(need), unit: "objects" };
    case "sampled":
      return {
        what: `${hostWords(need.need).what} twice, ${need.windowMs / 1000} s apart`,
        unit: "readings",
      };
    case "tls.handshake":
      return {
        what: `TLS handshake${need.endpoint ? ` with ${endpointWords(need)}` : ""}`,
        unit: "handshakes",
      };
    case "document.text":
      return { what: "the pasted document", unit: "documents" };
    default:
      return hostWords(need);
  }
}

function listWords(need: KubernetesListRequest): string {
  const selectors = [need.labelSelector, need.fieldSelector].filter((selector) => selector !== undefined);
  return `list ${need.kind.resource}${selectors.length > 0 ? ` where ${selectors.join(" and ")}` : ""}`;
}

function getWords(need: KubernetesGetRequest): string {
  const namespace = need.namespace === undefined ? "" : `${need.namespace}/`;
  return `get ${need.kind.resource} ${namespace}${need.name}`;
}

function endpointWords(need: Extract<NeedRequest, { type: "tls.handshake" }>): string {
  const at = need.endpoint ? `${need.endpoint.host}:${need.endpoint.port}` : "";
  return need.serverName && need.serverName !== need.endpoint?.host ? `${at} as ${need.serverName}` : at;
}

function hostWords(need: HostRequest): { what: string; unit: string } {
  switch (need.type) {
    case "host.file":
      return { what: need.path, unit: "files" };
    case "host.glob":
      return { what: need.pattern, unit: "files" };
    case "host.command":
      return { what: need.argv.join(" "), unit: "commands" };
  }
}
