import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerObject } from "kubernetes-types/autoscaling/v2.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type { CertificateSigningRequest as CertificateSigningRequestObject } from "kubernetes-types/certificates/v1.d.ts";
import type { Lease as LeaseObject } from "kubernetes-types/coordination/v1.d.ts";
import type {
  ConfigMap as ConfigMapObject,
  Endpoints as EndpointsObject,
  Event as EventObject,
  LimitRange as LimitRangeObject,
  Namespace as NamespaceObject,
  Node as NodeObject,
  PersistentVolumeClaim as PersistentVolumeClaimObject,
  PersistentVolume as PersistentVolumeObject,
  Pod as PodObject,
  ResourceQuota as ResourceQuotaObject,
  Secret as SecretObject,
  ServiceAccount as ServiceAccountObject,
  Service as ServiceObject,
} from "kubernetes-types/core/v1.d.ts";
import type { EndpointSlice as EndpointSliceObject } from "kubernetes-types/discovery/v1.d.ts";
import type { Event as EventsEventObject } from "kubernetes-types/events/v1.d.ts";
import type {
  IngressClass as IngressClassObject,
  Ingress as IngressObject,
  NetworkPolicy as NetworkPolicyObject,
} from "kubernetes-types/networking/v1.d.ts";
import type { PodDisruptionBudget as PodDisruptionBudgetObject } from "kubernetes-types/policy/v1.d.ts";
import type {
  ClusterRoleBinding as ClusterRoleBindingObject,
  ClusterRole as ClusterRoleObject,
  RoleBinding as RoleBindingObject,
  Role as RoleObject,
} from "kubernetes-types/rbac/v1.d.ts";
import type { StorageClass as StorageClassObject } from "kubernetes-types/storage/v1.d.ts";
import type {
  KubernetesCountsRequest,
  KubernetesDiscoveryRequest,
  KubernetesIdentityRequest,
  KubernetesLogRequest,
  KubernetesNodesRequest,
  KubernetesPodProxyRequest,
  KubernetesPodsProxyRequest,
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

/** Istio's own, under each version that its releases serve: "Gateway", or "GatewayBeta" of the older one. */
function istioKinds<Suffix extends string>(version: string, suffix: Suffix) {
  const names = {
    Gateway: "gateways",
    VirtualService: "virtualservices",
    DestinationRule: "destinationrules",
    ServiceEntry: "serviceentries",
    Sidecar: "sidecars",
    PeerAuthentication: "peerauthentications",
  } as const;
  const entries = Object.entries(names).map(([name, resource]) => {
    const group = name === "PeerAuthentication" ? "security.istio.io" : "networking.istio.io";
    return [`${name}${suffix}`, kind(group, version, name, resource)];
  });
  return Object.fromEntries(entries) as Record<`${keyof typeof names}${Suffix}`, KubernetesKind<unknown>>;
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

  Endpoints: kind<EndpointsObject>("", "v1", "Endpoints", "endpoints"),
  ConfigMap: kind<ConfigMapObject>("", "v1", "ConfigMap", "configmaps"),
  /** pick keys and metadata, never values */
  Secret: kind<SecretObject>("", "v1", "Secret", "secrets"),
  ServiceAccount: kind<ServiceAccountObject>("", "v1", "ServiceAccount", "serviceaccounts"),
  ResourceQuota: kind<ResourceQuotaObject>("", "v1", "ResourceQuota", "resourcequotas"),
  LimitRange: kind<LimitRangeObject>("", "v1", "LimitRange", "limitranges"),
  PersistentVolumeClaim: kind<PersistentVolumeClaimObject>(
    "",
    "v1",
    "PersistentVolumeClaim",
    "persistentvolumeclaims",
  ),
  PersistentVolume: kind<PersistentVolumeObject>("", "v1", "PersistentVolume", "persistentvolumes", false),
  /** the events of the newer group, which are those of the core group as well */
  EventsEvent: kind<EventsEventObject>("events.k8s.io", "v1", "Event", "events"),
  EndpointSlice: kind<EndpointSliceObject>("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
  PodDisruptionBudget: kind<PodDisruptionBudgetObject>(
    "policy",
    "v1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
  ),
  /** before 1.21 */
  PodDisruptionBudgetBeta: kind<PodDisruptionBudgetObject>(
    "policy",
    "v1beta1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
  ),
  HorizontalPodAutoscaler: kind<HorizontalPodAutoscalerObject>(
    "autoscaling",
    "v2",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
  ),
  Ingress: kind<IngressObject>("networking.k8s.io", "v1", "Ingress", "ingresses"),
  IngressClass: kind<IngressClassObject>("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false),
  NetworkPolicy: kind<NetworkPolicyObject>("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
  ServiceCIDR: kind("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", false),
  /** 1.31 and 1.32 */
  ServiceCIDRBeta: kind("networking.k8s.io", "v1beta1", "ServiceCIDR", "servicecidrs", false),
  CalicoIPPool: kind("crd.projectcalico.org", "v1", "IPPool", "ippools", false),
  StorageClass: kind<StorageClassObject>("storage.k8s.io", "v1", "StorageClass", "storageclasses", false),
  Lease: kind<LeaseObject>("coordination.k8s.io", "v1", "Lease", "leases"),
  Role: kind<RoleObject>("rbac.authorization.k8s.io", "v1", "Role", "roles"),
  RoleBinding: kind<RoleBindingObject>("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
  ClusterRole: kind<ClusterRoleObject>(
    "rbac.authorization.k8s.io",
    "v1",
    "ClusterRole",
    "clusterroles",
    false,
  ),
  ClusterRoleBinding: kind<ClusterRoleBindingObject>(
    "rbac.authorization.k8s.io",
    "v1",
    "ClusterRoleBinding",
    "clusterrolebindings",
    false,
  ),
  FlowSchema: kind("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", false),
  FlowSchemaBeta3: kind("flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema", "flowschemas", false),
  FlowSchemaBeta2: kind("flowcontrol.apiserver.k8s.io", "v1beta2", "FlowSchema", "flowschemas", false),
  PriorityLevel: kind(
    "flowcontrol.apiserver.k8s.io",
    "v1",
    "PriorityLevelConfiguration",
    "prioritylevelconfigurations",
    false,
  ),
  PriorityLevelBeta3: kind(
    "flowcontrol.apiserver.k8s.io",
    "v1beta3",
    "PriorityLevelConfiguration",
    "prioritylevelconfigurations",
    false,
  ),
  PriorityLevelBeta2: kind(
    "flowcontrol.apiserver.k8s.io",
    "v1beta2",
    "PriorityLevelConfiguration",
    "prioritylevelconfigurations",
    false,
  ),
  CustomResourceDefinition: kind(
    "apiextensions.k8s.io",
    "v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    false,
  ),
  APIService: kind("apiregistration.k8s.io", "v1", "APIService", "apiservices", false),
  MutatingWebhookConfiguration: kind(
    "admissionregistration.k8s.io",
    "v1",
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    false,
  ),
  ValidatingWebhookConfiguration: kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    false,
  ),
  CertificateSigningRequest: kind<CertificateSigningRequestObject>(
    "certificates.k8s.io",
    "v1",
    "CertificateSigningRequest",
    "certificatesigningrequests",
    false,
  ),
  ...istioKinds("v1", ""),
  ...istioKinds("v1beta1", "Beta"),
  HTTPRoute: kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
  /** not Istio's own of the same name */
  ApiGateway: kind("gateway.networking.k8s.io", "v1", "Gateway", "gateways"),
  /** before Gateway API 1.0 */
  ApiGatewayBeta: kind("gateway.networking.k8s.io", "v1beta1", "Gateway", "gateways"),
  HTTPRouteBeta: kind("gateway.networking.k8s.io", "v1beta1", "HTTPRoute", "httproutes"),
  /** measured by an aggregated API, which a cluster may lack */
  PodMetrics: kind("metrics.k8s.io", "v1beta1", "PodMetrics", "pods"),
  EnvoyFilter: kind("networking.istio.io", "v1alpha3", "EnvoyFilter", "envoyfilters"),
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
  podsProxy: single<KubernetesPodsProxyRequest>("kubernetes.pods-proxy"),
  log: single<KubernetesLogRequest>("kubernetes.log"),
  watch: single<KubernetesWatchRequest>("kubernetes.watch"),
  review: single<KubernetesReviewRequest>("kubernetes.review"),
  identity: single<KubernetesIdentityRequest>("kubernetes.identity"),
  discovery: single<KubernetesDiscoveryRequest>("kubernetes.discovery"),
  counts: single<KubernetesCountsRequest>("kubernetes.counts"),
  portForward: single<KubernetesPortForwardRequest>("kubernetes.port-forward"),

  /**
   * Every object of a kind in the cluster. All checks of a run share one list per kind and selector; each gets
   * every object once and keeps only what `pick` returns (small, JSON; undefined drops the object). Several kinds are
   * tried in their order: an older server serves another version, or what came before.
   */
  list<T, Picked>(
    of: KubernetesKind<T> | readonly [KubernetesKind<T>, ...KubernetesKind<T>[]],
    pick: (object: T) => Picked | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): NeedOf<KubernetesListRequest, Picked[], false> {
    const [kind, ...alternatives] = "resource" in of ? [of] : of;
    return {
      type: "kubernetes.list",
      kind,
      ...(alternatives.length > 0 ? { alternatives } : {}),
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
