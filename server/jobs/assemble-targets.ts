import type { HostConnector, KubernetesConnector, Target } from "../connectors/connector.ts";
import type { Dialler } from "../connectors/dialler.ts";
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
  host?: HostConnector;
  dialler: Dialler;
  secrets?: string[];
}): OpenTargets {
  const { kubernetes, host, dialler } = parts;
  const targets: Target[] = [
    { kind: "document", key: "document", name: "document" },
    {
      kind: "endpoint",
      key: "endpoint",
      name: "endpoint",
      connector: createTlsConnector({ dialler }),
      default: kubernetes?.connector.endpoint,
    },
  ];
  if (kubernetes) targets.push({ kind: "kubernetes", key: "kubernetes", ...kubernetes });
  if (host) targets.push({ kind: "host", key: "this-machine", name: host.name, connector: host });
  return {
    targets,
    secrets: parts.secrets ?? [],
    close: async () => {
      await Promise.allSettled([kubernetes?.connector.close(), host?.close()]);
    },
  };
}
