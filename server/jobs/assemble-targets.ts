import type { EndpointTarget, HostConnector, KubernetesConnector, Target } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
import { createDnsConnector } from "../connectors/dns/client.ts";
import { createHttpConnector } from "../connectors/http/client.ts";
import { createRegistryConnector } from "../connectors/registry/client.ts";
import { createTlsConnector } from "../connectors/tls.ts";

export type OpenTargets = {
  targets: Target[];
  /** exact values that must not leave */
  secrets: string[];
  close(): Promise<void>;
};

/** Targets from open connectors. Endpoints and documents need no connection of their own, so they are always there. */
export function assembleTargets(parts: {
  kubernetes?: { connector: KubernetesConnector; name: string };
  /** by the key of the target */
  hosts?: ReadonlyMap<string, HostConnector>;
  endpoints?: readonly EndpointTarget[];
  dialler: Dialler;
  secrets?: string[];
}): OpenTargets {
  const { kubernetes, hosts = new Map<string, HostConnector>(), endpoints = [], dialler } = parts;
  const tls = createTlsConnector({ dialler });
  const anywhere: EndpointTarget = {
    ...{ kind: "endpoint", key: "endpoint", name: "endpoint" },
    connectors: {
      tls,
      http: createHttpConnector({ dialler }),
      dns: createDnsConnector({ dialler }),
      registry: createRegistryConnector({ dialler }),
    },
    own: [],
  };
  const targets: Target[] = [
    { kind: "document", key: "document", name: "document" },
    anywhere,
    ...endpoints,
    ...[...hosts].map(([key, connector]): Target => ({ kind: "host", key, name: connector.name, connector })),
  ];
  if (kubernetes) {
    targets.push({ kind: "kubernetes", key: "kubernetes", ...kubernetes, tls });
    const { endpoint } = kubernetes.connector;
    const name = `${endpoint.host}:${endpoint.port}`;
    const own = ["tls"] as const;
    targets.push({ kind: "endpoint", key: "api-server", name, connectors: { tls }, own, tls: endpoint });
  }
  return {
    targets,
    secrets: parts.secrets ?? [],
    close: async () => {
      await Promise.allSettled([
        kubernetes?.connector.close(),
        ...[...hosts.values()].map((host) => host.close()),
        ...[anywhere, ...endpoints].flatMap(({ connectors: { tls: _tls, ...others } }) =>
          Object.values(others).map((connector) => connector.close()),
        ),
      ]);
    },
  };
}
