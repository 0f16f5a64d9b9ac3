import type { Reason } from "#common/result.ts";

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

/** A command that only reads. `argv` is a constant of the check; parameters never reach it unvalidated. */
export type HostCommandRequest = {
  type: "host.command";
  argv: readonly [string, ...string[]];
  parse: (output: { stdout: string; stderr: string; exitCode: number }) => unknown;
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
export type SampledRequest = { type: "sampled"; windowMs: number; need: HostRequest };

export type KubernetesRequest = KubernetesListRequest | KubernetesGetRequest;
export type HostRequest = HostFileRequest | HostGlobRequest | HostCommandRequest;
export type NeedRequest =
  | KubernetesRequest
  | HostRequest
  | SampledRequest
  | TlsHandshakeRequest
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
