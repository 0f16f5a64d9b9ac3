import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type {
  Event as EventObject,
  Namespace as NamespaceObject,
  Node as NodeObject,
  Pod as PodObject,
  Service as ServiceObject,
} from "kubernetes-types/core/v1.d.ts";
import type {
  KubernetesIdentityRequest,
  KubernetesLogRequest,
  KubernetesNodesRequest,
  KubernetesPodProxyRequest,
  KubernetesPortForwardRequest,
  KubernetesRawRequest,
  KubernetesReviewRequest,
  KubernetesSingleRequest,
  KubernetesSingleValues,
  KubernetesWatchRequest,
} from "./kubernetes-requests.ts";
import type { KubernetesGetRequest, KubernetesKind, KubernetesListRequest, NeedOf } from "./need.ts";

function kind<T>(
  group: string,
  version: string,
  name: string,
  resource: string,
  namespaced = true,
): KubernetesKind<T> {
  return { group, version, kind: name, resource, namespaced };
}

export const kinds = {
  Pod: kind<PodObject>("", "v1", "Pod", "pods"),
  Service: kind<ServiceObject>("", "v1", "Service", "services"),
  Node: kind<NodeObject>("", "v1", "Node", "nodes", false),
  Namespace: kind<NamespaceObject>("", "v1", "Namespace", "namespaces", false),
  Event: kind<EventObject>("", "v1", "Event", "events"),
  Deployment: kind<Deployment>("apps", "v1", "Deployment", "deployments"),
  ReplicaSet: kind<ReplicaSet>("apps", "v1", "ReplicaSet", "replicasets"),
  StatefulSet: kind<StatefulSet>("apps", "v1", "StatefulSet", "statefulsets"),
  DaemonSet: kind<DaemonSet>("apps", "v1", "DaemonSet", "daemonsets"),
  Job: kind<Job>("batch", "v1", "Job", "jobs"),
  CronJob: kind<CronJob>("batch", "v1", "CronJob", "cronjobs"),
} as const;

type Asked<R extends KubernetesSingleRequest> = Omit<R, "type" | "parse">;
type Answer<R extends KubernetesSingleRequest> = KubernetesSingleValues[R["type"]];

function ask<R extends KubernetesSingleRequest, Value>(
  type: R["type"],
  request: Asked<R>,
  parse?: (value: Answer<R>) => Value,
): NeedOf<R, Value, false> {
  return { type, ...request, parse, optional: false } as unknown as NeedOf<R, Value, false>;
}

/** A builder of one type of single request: without `parse` the judge gets the connector's whole answer. */
function single<R extends KubernetesSingleRequest>(type: R["type"]) {
  return <Value = Answer<R>>(
    request: Asked<R>,
    parse?: (value: Answer<R>) => Value,
  ): NeedOf<R, Value, false> => ask(type, request, parse);
}

export const kubernetes = {
  raw: single<KubernetesRawRequest>("kubernetes.raw"),
  nodes: single<KubernetesNodesRequest>("kubernetes.nodes"),
  podProxy: single<KubernetesPodProxyRequest>("kubernetes.pod-proxy"),
  log: single<KubernetesLogRequest>("kubernetes.log"),
  watch: single<KubernetesWatchRequest>("kubernetes.watch"),
  review: single<KubernetesReviewRequest>("kubernetes.review"),
  identity: single<KubernetesIdentityRequest>("kubernetes.identity"),
  portForward: single<KubernetesPortForwardRequest>("kubernetes.port-forward"),

  /**
   * Every object of a kind in the cluster. All checks of a run share one list per kind and selector; each gets
   * every object once and keeps only what `pick` returns (small, JSON; undefined drops the object).
   */
  list<T, Picked>(
    of: KubernetesKind<T>,
    pick: (object: T) => Picked | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): NeedOf<KubernetesListRequest, Picked[], false> {
    return {
      type: "kubernetes.list",
      kind: of,
      pick: pick as (object: unknown) => unknown,
      optional: false,
      ...selectors,
    };
  },

  /** One object by name; null when there is none. */
  get<T, Picked>(
    of: KubernetesKind<T>,
    at: { namespace?: string; name: string },
    pick: (object: T) => Picked,
  ): NeedOf<KubernetesGetRequest, Picked | null, false> {
    return {
      type: "kubernetes.get",
      kind: of,
      ...at,
      pick: pick as (object: unknown) => unknown,
      optional: false,
    };
  },
};
