import type { Reason } from "#common/result.ts";
import type { EndpointRequest } from "./endpoint-requests.ts";
import type { KubernetesSingleRequest } from "./kubernetes-requests.ts";

/** A need that could not be read, as a judge or the recorder sees it. */
export type Unread = { unread: Reason };

export function isUnread(fact: unknown): fact is Unread {
  return typeof fact === "object" && fact !== null && "unread" in fact;
}

declare const valueType: unique symbol;

/** What every need has in common. `Value` is what the judge receives; it must survive JSON. */
export type NeedOf<Request, Value, Optional extends boolean> = Request & {
  optional: Optional;
  readonly [valueType]?: Value;
};

/** One page's worth of a list is handed to `pick` object by object; undefined drops it. */
export type KubernetesListRequest = {
  type: "kubernetes.list";
  kind: KubernetesKind;
  /** tried in this order where a server does not serve `kind`: an older version, what came before it */
  alternatives?: readonly KubernetesKind[];
  labelSelector?: string;
  fieldSelector?: string;
  pick: (object: unknown) => unknown;
};

/** One object. Absent is a value (`undefined` becomes null), not a failure. */
export type KubernetesGetRequest = {
  type: "kubernetes.get";
  kind: KubernetesKind;
  namespace?: string;
  name: string;
  pick: (object: unknown) => unknown;
};

/** A file below /proc, /sys, /etc or /var, read whole (1 MiB at most) and parsed where it is read. */
export type HostFileRequest = { type: "host.file"; path: string; parse: (text: string) => unknown };

/** Every file a pattern matches (`*` within one path segment); value: [{path, value}], at most `limit` files. */
export type HostGlobRequest = {
  type: "host.glob";
  pattern: string;
  limit: number;
  parse: (text: string) => unknown;
};

/** Where the symbolic links lead that a pattern matches, such as processes' namespaces; value: [{path, value}]. */
export type HostLinksRequest = {
  type: "host.links";
  pattern: string;
  limit: number;
  parse: (target: string) => unknown;
};

/** What the file system says of whatever a pattern matches, links not followed; value: HostStat[]. */
export type HostStatsRequest = { type: "host.stats"; pattern: string; limit: number };

export type HostStat = {
  path: string;
  kind: "file" | "folder" | "link" | "socket" | "device" | "other";
  /** permission bits, such as 0o644 */
  mode: number;
  uid: number;
  gid: number;
  bytes: number;
  modifiedAt: string;
};

/**
 * A command that only reads. `argv` is a constant of the check; parameters never reach it unvalidated. `sudo` runs it
 * as root where the user may (`sudo -n`): the sudoers snippet of a host lists exactly these.
 */
export type HostCommandRequest = {
  type: "host.command";
  argv: readonly [string, ...string[]];
  sudo?: boolean;
  timeoutMs?: number;
  parse: (output: { stdout: string; stderr: string; exitCode: number }) => unknown;
};

/**
 * Something that loads or changes a host, for active checks alone. It runs below a time limit that the host itself
 * keeps, in a folder of its own that the host removes afterwards, whatever becomes of us: `{work}` in `argv` stands for
 * that folder.
 */
export type HostActiveRequest = {
  type: "host.active";
  argv: readonly [string, ...string[]];
  /** where the folder is made; /tmp by default */
  workBelow?: string;
  limitSeconds: number;
  /** a file below `{work}` that is brought back, as base64 in the output */
  collect?: { file: string; maxBytes: number };
  sudo?: boolean;
  parse: (output: HostActiveOutput) => unknown;
};

export type HostActiveOutput = {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** ended by the time limit */
  timedOut: boolean;
  collectedBase64?: string;
};

/** The certificates and parameters a TLS server presents. Trust is judged later, from the facts. */
export type TlsHandshakeRequest = {
  type: "tls.handshake";
  /** null: the target's own address (the Kubernetes API server of the cluster) */
  endpoint: { host: string; port: number } | null;
  serverName?: string;
  /** PEM of additional roots to verify against, beside the system's */
  extraRootsPem?: string;
};

/** Text a person pasted or dropped for this run. */
export type DocumentRequest = { type: "document.text"; maxBytes: number };

/** Two readings of another need, `windowMs` apart: [{at, value}, {at, value}], `at` in ms. */
export type SampledRequest = { type: "sampled"; windowMs: number; need: HostRequest | SingleRequest };

/** One question that has one answer, shared by all who ask the same; each has its own `parse`. */
export type SingleRequest = KubernetesSingleRequest | EndpointRequest;

export type KubernetesRequest = KubernetesListRequest | KubernetesGetRequest | KubernetesSingleRequest;
export type HostRequest =
  | HostFileRequest
  | HostGlobRequest
  | HostLinksRequest
  | HostStatsRequest
  | HostCommandRequest;
export type NeedRequest =
  | KubernetesRequest
  | HostRequest
  | HostActiveRequest
  | SampledRequest
  | TlsHandshakeRequest
  | EndpointRequest
  | DocumentRequest;
export type Need<Value, Optional extends boolean = false> = NeedOf<NeedRequest, Value, Optional>;

export type KubernetesKind<T = unknown> = {
  /** "" for the core group */
  group: string;
  version: string;
  kind: string;
  /** plural, as in the URL */
  resource: string;
  namespaced: boolean;
  readonly [valueType]?: T;
};

/** The same need, but its absence does not make the result unknown: the judge sees `Unread`. */
export function optional<R extends NeedRequest, Value>(
  need: NeedOf<R, Value, false>,
): NeedOf<R, Value, true> {
  return { ...need, optional: true } as NeedOf<R, Value, true>;
}
