import type { Endpoint } from "#common/contracts/endpoint.ts";
import type { EndpointProtocol } from "../checks/needs/endpoint-requests.ts";
import type { EndpointConnectors, EndpointTarget, ReadContext } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import { createDnsConnector, type OwnDns } from "../connectors/dns/client.ts";
import { createHttpConnector } from "../connectors/http/client.ts";
import { createKafkaConnector } from "../connectors/kafka/client.ts";
import { createMysqlConnector } from "../connectors/mysql/client.ts";
import { createPrometheusConnector } from "../connectors/prometheus/client.ts";
import { createRegistryConnector } from "../connectors/registry/client.ts";
import { createTlsConnector } from "../connectors/tls.ts";
import { parseHostPort, parseHostPorts } from "../domain/endpoints/address.ts";

/** What an endpoint is asked with: its protocol, and TLS where it has a TLS server of its own. */
export type EndpointParts = {
  connectors: Partial<EndpointConnectors>;
  own: EndpointProtocol[];
  tls?: EndpointTarget["tls"];
  /** what the server says it is, of those that have a question for it */
  version?: (context: ReadContext) => Promise<string>;
};

/** `secret` is the password or the token. Addresses were admitted when they were stored, and are parsed as then. */
export function endpointConnectors(
  endpoint: Endpoint,
  secret: string | undefined,
  dialler: Dialler,
): EndpointParts {
  const own = parts(endpoint, secret, dialler);
  const tls = tlsPlaceOf(endpoint);
  if (!tls) return own;
  return {
    ...own,
    connectors: { ...own.connectors, tls: createTlsConnector({ dialler }) },
    own: [...own.own, "tls"],
    tls,
  };
}

function parts(endpoint: Endpoint, secret: string | undefined, dialler: Dialler): EndpointParts {
  const { address, caPem } = endpoint;
  switch (endpoint.kind) {
    case "tls":
      return { connectors: {}, own: [] };
    case "http": {
      const trust = { extraRootsPem: caPem, auth: httpAuth(endpoint.auth, secret) };
      return {
        connectors: { http: createHttpConnector({ dialler, own: { baseUrl: address, ...trust } }) },
        own: ["http"],
      };
    }
    case "dns":
      return {
        connectors: { dns: createDnsConnector({ dialler, own: resolverOf(endpoint) }) },
        own: ["dns"],
      };
    case "registry": {
      const { tokenHosts } = endpoint;
      const credential =
        endpoint.auth.type === "basic" ? { username: endpoint.auth.username, password: secret } : {};
      const access = { baseUrl: address, extraRootsPem: caPem, tokenHosts, ...credential };
      return {
        connectors: { registry: createRegistryConnector({ dialler, own: access }) },
        own: ["registry"],
      };
    }
    case "mysql": {
      const { username, tls: mode, serverName } = endpoint;
      const place = parseHostPort(address, 3306) ?? nowhere;
      const access = { ...place, username, password: secret ?? "", tls: { mode, caPem, serverName } };
      return { connectors: { mysql: createMysqlConnector({ dialler, own: access }) }, own: ["mysql"] };
    }
    case "prometheus": {
      const trust = { caPem, serverName: endpoint.serverName, auth: httpAuth(endpoint.auth, secret) };
      const prometheus = createPrometheusConnector({ dialler, own: { baseUrl: address, ...trust } });
      return { connectors: { prometheus }, own: ["prometheus"], version: prometheus.version };
    }
    case "kafka": {
      const { auth, serverName } = endpoint;
      const access = {
        bootstrap: parseHostPorts(address, 9092) ?? [],
        tls: endpoint.tls === "verified" ? { caPem, serverName } : undefined,
        sasl: auth.type === "sasl" ? { ...auth, password: secret ?? "" } : undefined,
      };
      return { connectors: { kafka: createKafkaConnector({ dialler, own: access }) }, own: ["kafka"] };
    }
  }
}

/** Refused by the dialler: a port that no address has. */
const nowhere = { host: "", port: 0 };

function httpAuth(
  auth: Extract<Endpoint, { kind: "http" }>["auth"],
  secret = "",
): { type: "basic"; username: string; password: string } | { type: "bearer"; token: string } | undefined {
  if (auth.type === "none") return undefined;
  return auth.type === "bearer"
    ? { type: "bearer", token: secret }
    : { type: "basic", username: auth.username, password: secret };
}

function resolverOf({ transport, address, caPem }: Extract<Endpoint, { kind: "dns" }>): OwnDns {
  if (transport === "udp" || transport === "tcp") {
    return { transport, ...(parseHostPort(address, 53) ?? nowhere) };
  }
  return { transport, url: address, extraRootsPem: caPem };
}

/** MySQL begins TLS in the middle of its own protocol, so a plain TLS handshake says nothing about it. */
function tlsPlaceOf(endpoint: Endpoint): EndpointTarget["tls"] {
  const { address, caPem } = endpoint;
  const serverName = "serverName" in endpoint ? endpoint.serverName : undefined;
  if (endpoint.kind === "tls") return { ...(parseHostPort(address, 443) ?? nowhere), serverName, caPem };
  if (endpoint.kind === "kafka") {
    const [first] = endpoint.tls === "verified" ? (parseHostPorts(address, 9092) ?? []) : [];
    return first && { ...first, serverName, caPem };
  }
  if (!address.startsWith("https:")) return undefined;
  const url = new URL(address);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 443), serverName, caPem };
}
