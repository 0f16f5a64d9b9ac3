type Parse = { parse?: (value: never) => unknown };

/** HTTP with the phases of each exchange by our own clock. */
export type HttpRequest = Parse & {
  type: "http.request";
  /** absolute; null: the address of the registered endpoint */
  url: string | null;
  /** joined to the address of the registered endpoint */
  path?: string;
  method: "GET" | "HEAD";
  headers?: Readonly<Record<string, string>>;
  /** exchanges one after the other, each on a connection of its own unless `keepAlive`; 1 by default */
  repeat?: number;
  keepAlive?: boolean;
  /** redirects followed, each address admitted anew and without credentials; 0 by default */
  redirects?: number;
  /** bytes of the body that are kept; 64 KiB by default, 1 MiB at most */
  bodyBytes?: number;
};

/** As curl counts: each since the beginning, and with redirects the sums over all requests of the chain. */
export type HttpPhases = {
  lookupMs: number;
  connectMs: number;
  tlsMs: number;
  /** until the request was about to be sent, from the start (curl's time_pretransfer) */
  pretransferMs: number;
  redirectMs: number;
  firstByteMs: number;
  totalMs: number;
};

export type HttpExchange = {
  url: string;
  address: string;
  httpVersion: string;
  status: number;
  /** names in lower case, in the order they came; set-cookie values are never kept */
  headers: [name: string, value: string][];
  body: string;
  bodyBytes: number;
  bodyTruncated: boolean;
  phases: HttpPhases;
  redirects: { status: number; url: string }[];
  reused: boolean;
};

export type DnsRecordType = "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "NS" | "PTR" | "SOA" | "SRV" | "TXT";

/** One DNS question, over the system's resolver, plain DNS or DoH (RFC 8484 wire, or JSON). */
export type DnsRequest = Parse & {
  type: "dns.query";
  name: string;
  recordType: DnsRecordType;
  /** null: the registered resolver */
  via:
    | { transport: "system" }
    | { transport: "udp" | "tcp"; host: string; port: number }
    | { transport: "doh-wire" | "doh-json"; url: string }
    | null;
};

export type DnsAnswer = {
  server: string;
  transport: "system" | "udp" | "tcp" | "doh-wire" | "doh-json";
  rcode: string;
  authoritative: boolean;
  truncated: boolean;
  authenticated: boolean;
  answers: { name: string; type: string; ttlSeconds: number | null; data: string }[];
  ms: number;
};

/** What pulling an image would fetch, short of the layers' bytes (registry API v2). */
export type RegistryRequest = Parse & {
  type: "registry.image";
  /** "registry.example/team/app:1.2"; without a registry: at the registered one */
  reference: string;
  /** "linux/amd64"; none: every platform of the index */
  platform?: string;
};

export type RegistryStep = {
  /** "ping", "token", "head-tag", "index", "manifest", "config", "layer" */
  step: string;
  method: "GET" | "HEAD";
  url: string;
  status: number;
  contentType: string;
  bytes: number;
  ms: number;
  /** of the bytes received, where they are content-addressed */
  digest?: { expected: string; matches: boolean };
};

export type RegistryImage = {
  reference: string;
  registry: string;
  repository: string;
  tag: string;
  digest: string;
  mediaType: string;
  steps: RegistryStep[];
  platforms: {
    platform: string;
    manifestDigest: string;
    configDigest: string;
    createdAt: string | null;
    entrypoint: string[];
    command: string[];
    /** names only, and which are empty: values may be secrets */
    env: { name: string; empty: boolean }[];
    layers: { digest: string; bytes: number; present: boolean }[];
    bytes: number;
  }[];
};

/** A fixed statement on a read-only session. `sql` is a constant of the check, `values` are bound. */
export type MysqlRequest = Parse & {
  type: "mysql.query";
  sql: string;
  values?: readonly (string | number | null)[];
  maxRows: number;
};

export type MysqlRows = {
  columns: string[];
  rows: Record<string, string | number | null>[];
  server: { version: string; flavour: "mysql" | "mariadb"; tls: boolean };
};

export type PrometheusQueryRequest = Parse & { type: "prometheus.query"; query: string };
export type PrometheusRangeRequest = Parse & {
  type: "prometheus.range";
  query: string;
  windowSeconds: number;
  stepSeconds: number;
};

export type PrometheusSeries = {
  labels: Record<string, string>;
  /** one for an instant query; NaN and infinities come as null */
  points: { atMs: number; value: number | null }[];
}[];

/** Brokers, topics with their partitions, and the configuration of both. */
export type KafkaRequest = Parse & { type: "kafka.cluster"; topics?: readonly string[] };

export type KafkaCluster = {
  clusterId: string | null;
  controllerId: number | null;
  brokers: { id: number; host: string; port: number; rack: string | null; config: Record<string, string> }[];
  topics: {
    name: string;
    internal: boolean;
    config: Record<string, string>;
    partitions: {
      id: number;
      leader: number | null;
      replicas: number[];
      inSync: number[];
      offline: number[];
      error: string | null;
    }[];
  }[];
};

export type EndpointRequest =
  | HttpRequest
  | DnsRequest
  | RegistryRequest
  | MysqlRequest
  | PrometheusQueryRequest
  | PrometheusRangeRequest
  | KafkaRequest;

/** What the connector answers, by type of request. */
export type EndpointValues = {
  "http.request": HttpExchange[];
  "dns.query": DnsAnswer;
  "registry.image": RegistryImage;
  "mysql.query": MysqlRows;
  "prometheus.query": PrometheusSeries;
  "prometheus.range": PrometheusSeries;
  "kafka.cluster": KafkaCluster;
};

/** The part of a need's type before the dot: which connector of an endpoint answers it. */
export const endpointProtocols = ["tls", "http", "dns", "registry", "mysql", "prometheus", "kafka"] as const;
export type EndpointProtocol = (typeof endpointProtocols)[number];
