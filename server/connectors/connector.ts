import type { Reason } from "#common/result.ts";
import type {
  DnsRequest,
  EndpointProtocol,
  EndpointValues,
  HttpRequest,
  KafkaRequest,
  MysqlRequest,
  PrometheusQueryRequest,
  PrometheusRangeRequest,
  RegistryRequest,
} from "../checks/needs/endpoint-requests.ts";
import type { KubernetesSingleRequest, KubernetesSingleValues } from "../checks/needs/kubernetes-requests.ts";
import type {
  HostActiveOutput,
  HostActiveRequest,
  HostCommandRequest,
  HostStat,
  KubernetesKind,
} from "../checks/needs/need.ts";
import type { TlsHandshake } from "../checks/needs/tls.ts";

/** What a gatherer counts while a connector works. Bytes are as received on the wire where known. */
export type Meter = { call(): void; bytes(count: number): void; throttled(): void };

export type ReadContext = {
  signal: AbortSignal;
  meter: Meter;
  /** only for reads of active checks: without it nothing that changes or loads a target is done */
  active?: true;
  /** another reading of the same target follows shortly: what it would need is better kept */
  more?: boolean;
  /** how long one exchange and how many pages of one list a read may take; the connector's own where left out */
  limits?: { requestMs: number; pages: number };
  /**
   * A list begins again from its first page (its version expired half-way): drop what `onPage` gave so far. Without it
   * nothing is dropped, each object still comes once, and `missing` says `changed-while-reading`.
   */
  restarted?: () => void;
};

/** A read that failed in a way a person should see. Connectors throw nothing else but an abort. */
export class ReadError extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, options?: { cause?: unknown }) {
    super(`${reason.code}: ${reason.what}${reason.detail ? `: ${reason.detail}` : ""}`, options);
    this.name = "ReadError";
    this.reason = reason;
  }
}

export type ListRequest = {
  kind: KubernetesKind;
  /** tried in this order where `kind` is not served */
  alternatives?: readonly KubernetesKind[];
  labelSelector?: string;
  fieldSelector?: string;
};

/** An answer to a single request. `read` counts in the need's unit, 1 by default; `missing` names what is not in it. */
export type Reading<Value> = { value: Value; read?: number; missing?: Reason[] };

/** `missing` names each part that could not be read (a namespace, the rest after a limit); empty is complete. */
export type ListOutcome = { objects: number; missing: Reason[] };

/** `resource` as RBAC writes it: "pods", "pods/log", or, of what is no resource, its path: "/metrics". */
export type Review = { verb: string; group: string; resource: string; namespace?: string; name?: string };

export interface KubernetesConnector {
  /** "host:port" of the API server and the material to trust it, for checks of its certificate */
  readonly endpoint: { host: string; port: number; serverName?: string; caPem?: string };
  /**
   * Pages through a whole list; `onPage` gets each page's items and the objects still to come where the server tells.
   * When the list of all namespaces is forbidden, lists each namespace and names those forbidden in `missing`.
   */
  list(
    request: ListRequest,
    onPage: (items: unknown[], remaining: number | undefined) => void,
    context: ReadContext,
  ): Promise<ListOutcome>;
  /** null where there is no such object */
  get(
    request: { kind: KubernetesKind; namespace?: string; name: string },
    context: ReadContext,
  ): Promise<unknown | null>;
  /** one question with one answer; which, its type says */
  read<Request extends KubernetesSingleRequest>(
    request: Request,
    context: ReadContext,
  ): Promise<Reading<KubernetesSingleValues[Request["type"]]>>;
  /** version, identity and latency of the connection, and which of `reviews` it may, for "Test connection" */
  test(context: ReadContext, reviews?: readonly Review[]): Promise<KubernetesTestReport>;
  close(): Promise<void>;
}

export type KubernetesTestReport = {
  version: string;
  user: { name: string; groups: string[] };
  latencyMs: number;
  /** what was asked about, and whether this credential may */
  permissions: (Review & { allowed: boolean })[];
  /** it may do far more than checks need: worth a warning */
  broad: boolean;
  /** what of that it may: everything ("*"), or the single powers it was asked about */
  beyond: Review[];
};

export type HostFactRequest =
  | { id: string; type: "file"; path: string }
  | { id: string; type: "glob"; pattern: string; limit: number }
  | { id: string; type: "links"; pattern: string; limit: number }
  | { id: string; type: "stats"; pattern: string; limit: number }
  | {
      id: string;
      type: "command";
      argv: HostCommandRequest["argv"];
      sudo?: boolean;
      timeoutMs?: number;
    };

export type HostFactAnswer =
  | { type: "file"; text: string }
  | { type: "glob"; files: { path: string; text: string }[]; truncated: boolean; unreadable: Reason[] }
  | { type: "links"; links: { path: string; target: string }[]; truncated: boolean; unreadable: Reason[] }
  | { type: "stats"; stats: HostStat[]; truncated: boolean; unreadable: Reason[] }
  | { type: "command"; stdout: string; stderr: string; exitCode: number }
  | { type: "unread"; reason: Reason };

export interface HostConnector {
  readonly name: string;
  /** All facts in one go (for SSH: one exec). Each request has its answer, by id. */
  read(requests: HostFactRequest[], context: ReadContext): Promise<Map<string, HostFactAnswer>>;
  /** something active; the host itself ends it and cleans up after it, whatever becomes of us */
  perform(request: Omit<HostActiveRequest, "parse">, context: ReadContext): Promise<HostActiveOutput>;
  close(): Promise<void>;
}

export interface TlsConnector {
  handshake(
    request: { host: string; port: number; serverName?: string; extraRootsPem?: string },
    context: ReadContext,
  ): Promise<TlsHandshake>;
}

/** Answers one protocol's requests, at its own address where a request names none. */
export interface EndpointConnector<Request extends { type: keyof EndpointValues }> {
  read<R extends Request>(request: R, context: ReadContext): Promise<Reading<EndpointValues[R["type"]]>>;
  close(): Promise<void>;
}

export type EndpointConnectors = {
  tls: TlsConnector;
  http: EndpointConnector<HttpRequest>;
  dns: EndpointConnector<DnsRequest>;
  registry: EndpointConnector<RegistryRequest>;
  mysql: EndpointConnector<MysqlRequest>;
  prometheus: EndpointConnector<PrometheusQueryRequest | PrometheusRangeRequest>;
  kafka: EndpointConnector<KafkaRequest>;
};

export type EndpointTarget = {
  kind: "endpoint";
  key: string;
  name: string;
  connectors: Partial<EndpointConnectors>;
  /**
   * The protocols it has an address of its own for: what a need without an address is asked of. Empty: the one target
   * that is asked whatever needs name their address themselves.
   */
  own: readonly EndpointProtocol[];
  /** where its own TLS server is */
  tls?: KubernetesConnector["endpoint"];
};

/** One thing a run asks, opened by the worker or the command line; closed when the run ends. */
export type Target =
  | {
      kind: "kubernetes";
      key: string;
      name: string;
      connector: KubernetesConnector;
      /** shakes hands with the API server itself */
      tls?: TlsConnector;
    }
  | { kind: "host"; key: string; name: string; connector: HostConnector }
  | EndpointTarget
  | { kind: "document"; key: string; name: string };
