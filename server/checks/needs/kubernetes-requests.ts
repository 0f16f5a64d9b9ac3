import type { KubernetesKind } from "./need.ts";

type Parse = { parse?: (value: never) => unknown };

/**
 * A path of the API server that is no resource ("/version", "/metrics", "/readyz?verbose"), as text. Of long answers
 * `keepLines` keeps the lines that begin with one of these, so that nothing else takes memory.
 */
export type KubernetesRawRequest = Parse & {
  type: "kubernetes.raw";
  path: string;
  keepLines?: readonly string[];
};

/**
 * The same path of every kubelet ("metrics/cadvisor", "stats/summary"), through the API server. Needs `nodes/proxy`,
 * which lets a credential do far more than read: always optional, and marked as privileged.
 */
export type KubernetesNodesRequest = Parse & {
  type: "kubernetes.nodes";
  path: string;
  keepLines?: readonly string[];
};

/** One GET to a port of a pod, through the API server (`pods/proxy`, privileged as well). */
export type KubernetesPodProxyRequest = Parse & {
  type: "kubernetes.pod-proxy";
  namespace: string;
  pod: string;
  port: number;
  path: string;
};

/**
 * The same page at a port of each running pod that a label selects, of `limit` pods at most: what no single pod of
 * several can say for all (`pods/proxy`, privileged as well, so always optional).
 */
export type KubernetesPodsProxyRequest = Parse & {
  type: "kubernetes.pods-proxy";
  /** absent: pods of all namespaces */
  namespace?: string;
  labelSelector: string;
  limit: number;
  port: number;
  path: string;
  keepLines?: readonly string[];
};

/** The end of a container's log: 500 lines and 256 KiB at most. */
export type KubernetesLogRequest = Parse & {
  type: "kubernetes.log";
  namespace: string;
  pod: string;
  container?: string;
  tailLines: number;
  previous?: boolean;
};

/** What changes of a kind within a time, beginning at its present state. */
export type KubernetesWatchRequest = Parse & {
  type: "kubernetes.watch";
  kind: KubernetesKind;
  seconds: number;
  labelSelector?: string;
  fieldSelector?: string;
};

/** Whether this credential may do something (SelfSubjectAccessReview). */
export type KubernetesReviewRequest = Parse & {
  type: "kubernetes.review";
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
};

/** Who this credential is (SelfSubjectReview), and by what it signs in. */
export type KubernetesIdentityRequest = Parse & { type: "kubernetes.identity" };

/** Which kinds the server serves, of every group and version: one question where the server is not older than 1.26. */
export type KubernetesDiscoveryRequest = Parse & { type: "kubernetes.discovery" };

/**
 * How many objects there are of every kind that can be listed: by the server's own metrics where they may be read,
 * else by asking for one object of each kind and being told how many remain. Kinds that may not be listed are null.
 */
export type KubernetesCountsRequest = Parse & { type: "kubernetes.counts"; maxKinds: number };

/** Active: a real port-forward to a pod's port, one exchange of bytes, closed again. */
export type KubernetesPortForwardRequest = Parse & {
  type: "kubernetes.port-forward";
  namespace: string;
  pod: string;
  port: number;
  /** what is sent once connected; the first bytes that come back are the answer */
  send: string;
  limitSeconds: number;
};

export type KubernetesSingleRequest =
  | KubernetesRawRequest
  | KubernetesNodesRequest
  | KubernetesPodProxyRequest
  | KubernetesPodsProxyRequest
  | KubernetesLogRequest
  | KubernetesWatchRequest
  | KubernetesReviewRequest
  | KubernetesIdentityRequest
  | KubernetesDiscoveryRequest
  | KubernetesCountsRequest
  | KubernetesPortForwardRequest;

/** One version of a group; `answered` is false where the server behind it is silent and nothing current is known. */
export type DiscoveredVersion = {
  group: string;
  version: string;
  /** what clients take unless told otherwise */
  preferred: boolean;
  answered: boolean;
  /** why it did not answer, in the server's words */
  detail: string;
  resources: DiscoveredResource[];
};
export type DiscoveredResource = {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: string[];
  categories: string[];
  subresources: string[];
};
export type KindCount = {
  group: string;
  version: string;
  resource: string;
  /** null: not known, for the reason in `why` */
  count: number | null;
  why: "forbidden" | "not-answered" | "not-counted" | "not-asked" | null;
  by: "metrics" | "list";
};

/** What the connector answers, by type of request. */
export type KubernetesSingleValues = {
  /** a status other than 200 only of health and discovery paths, where it is an answer */
  "kubernetes.raw": { status: number; contentType: string; text: string; truncated: boolean };
  /** nodes that did not answer are in `missing` */
  "kubernetes.nodes": { node: string; text: string }[];
  "kubernetes.pod-proxy": { status: number; contentType: string; text: string; truncated: boolean };
  /** whatever status a pod answers with, but those of the API server itself: pods it could not reach are in `missing` */
  "kubernetes.pods-proxy": { namespace: string; pod: string; status: number; text: string }[];
  "kubernetes.log": { text: string; truncated: boolean };
  "kubernetes.watch": { atMs: number; type: "ADDED" | "MODIFIED" | "DELETED"; object: unknown }[];
  "kubernetes.review": { allowed: boolean; reason: string };
  /** what the credential says of itself is null where it says nothing */
  "kubernetes.identity": {
    name: string;
    groups: string[];
    method: "token" | "client-certificate";
    expiresAt: string | null;
    issuer: string | null;
    audiences: string[];
  };
  "kubernetes.discovery": DiscoveredVersion[];
  "kubernetes.counts": KindCount[];
  /** `refused`: the node's own words where nothing in the pod takes connections at that port */
  "kubernetes.port-forward": {
    connectedMs: number;
    received: string;
    receivedBytes: number;
    refused: string | null;
  };
};
