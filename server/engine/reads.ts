import type {
  HostActiveRequest,
  HostRequest,
  KubernetesGetRequest,
  KubernetesListRequest,
  NeedRequest,
  SampledRequest,
  SingleRequest,
  TlsHandshakeRequest,
} from "../checks/needs/need.ts";
import type { EndpointTarget, HostFactRequest, Target, TlsConnector } from "../connectors/connector.ts";

/** One question's wish for the outcome of a read. */
export type Consumer<R = NeedRequest> = {
  /** index into the questions of the run */
  question: number;
  name: string;
  need: R;
  what: string;
  unit: string;
  optional: boolean;
};

export type TargetOf<Kind extends Target["kind"]> = Extract<Target, { kind: Kind }>;

export type ListRead = {
  type: "list";
  target: TargetOf<"kubernetes">;
  consumers: Consumer<KubernetesListRequest>[];
};
export type GetRead = {
  type: "get";
  target: TargetOf<"kubernetes">;
  consumers: Consumer<KubernetesGetRequest>[];
};
export type HostRead = {
  type: "host";
  target: TargetOf<"host">;
  /** by id; each path, pattern and command line once */
  facts: Map<string, HostFactRequest>;
  consumers: Consumer<HostRequest | HostSampledRequest>[];
};
export type HostSampledRequest = SampledRequest & { need: HostRequest };
/** An active request is never shared: each is asked for by somebody who agreed to it. */
export type HostActiveRead = {
  type: "host-active";
  target: TargetOf<"host">;
  consumers: [Consumer<HostActiveRequest>];
};
export type SingleRead = {
  type: "single";
  target: TargetOf<"kubernetes"> | TargetOf<"endpoint">;
  request: SingleRequest;
  /** asked again after this time, for a rate */
  windowMs?: number;
  consumers: Consumer<SingleRequest | SampledRequest>[];
};
export type TlsRead = {
  type: "tls";
  target: TargetOf<"kubernetes"> | TargetOf<"endpoint">;
  request: { host: string; port: number; serverName?: string; extraRootsPem?: string };
  consumers: Consumer<TlsHandshakeRequest>[];
};

/** A check of a cluster may look at its API server's certificate, and at no other address. */
export function tlsConnectorOf(target: TlsRead["target"]): TlsConnector | undefined {
  return target.kind === "kubernetes" ? target.tls : target.connectors.tls;
}

export function tlsServerOf(target: TlsRead["target"]): EndpointTarget["tls"] {
  return target.kind === "kubernetes" ? target.connector.endpoint : target.tls;
}

/** One piece of work for a connector, whoever wants its outcome. */
export type Read = ListRead | GetRead | HostRead | HostActiveRead | SingleRead | TlsRead;

/** Whether a read changes or loads its target. */
export function isActive(read: Read): boolean {
  return (
    read.type === "host-active" || (read.type === "single" && read.request.type === "kubernetes.port-forward")
  );
}

/** "http" of "http.request": who answers it. */
export function protocolOf({ type }: { type: string }): string {
  return type.slice(0, type.indexOf("."));
}
