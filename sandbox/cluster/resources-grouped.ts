import { clusterScoped, resource, scale, status } from "./resource-parts.ts";
import type { Resource } from "./resources.ts";
import { eventFields } from "./resources-core.ts";

function apps(name: string, kind: string, more: Partial<Resource> = {}): Resource {
  const subresources = kind === "DaemonSet" ? [status(kind)] : [scale, status(kind)];
  return resource("apps", name, kind, { categories: ["all"], subresources, ...more });
}

const review = (group: string, name: string, kind: string) =>
  resource(group, name, kind, { ...clusterScoped, verbs: ["create"] });

/** A kind of the whole cluster; with a status where it has one. */
function wide(group: string, name: string, kind: string, more: Partial<Resource> = {}): Resource {
  return resource(group, name, kind, { ...clusterScoped, ...more });
}

const flowcontrol = "flowcontrol.apiserver.k8s.io";
const admission = "admissionregistration.k8s.io";
const rbac = "rbac.authorization.k8s.io";
const extensions = { categories: ["api-extensions"] };

/** The kinds of Kubernetes' own groups. */
export const groupedResources: readonly Resource[] = [
  wide("apiregistration.k8s.io", "apiservices", "APIService", {
    ...extensions,
    subresources: [status("APIService")],
  }),
  resource("apps", "controllerrevisions", "ControllerRevision"),
  apps("daemonsets", "DaemonSet", { shortNames: ["ds"] }),
  apps("deployments", "Deployment", { shortNames: ["deploy"] }),
  apps("replicasets", "ReplicaSet", { shortNames: ["rs"], fields: ["status.replicas"] }),
  apps("statefulsets", "StatefulSet", { shortNames: ["sts"] }),
  resource("events.k8s.io", "events", "Event", {
    shortNames: ["ev"],
    fields: eventFields,
    storedAs: "events",
  }),
  review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
  review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
  resource("autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler", {
    version: "v2",
    otherVersions: ["v1"],
    shortNames: ["hpa"],
    categories: ["all"],
    subresources: [status("HorizontalPodAutoscaler")],
  }),
  resource("batch", "cronjobs", "CronJob", {
    shortNames: ["cj"],
    categories: ["all"],
    subresources: [status("CronJob")],
  }),
  resource("batch", "jobs", "Job", {
    categories: ["all"],
    fields: ["status.successful"],
    subresources: [status("Job")],
  }),
  wide("certificates.k8s.io", "certificatesigningrequests", "CertificateSigningRequest", {
    shortNames: ["csr"],
    fields: ["spec.signerName"],
    subresources: [
      { ...status("CertificateSigningRequest"), name: "approval" },
      status("CertificateSigningRequest"),
    ],
  }),
  wide("networking.k8s.io", "ingressclasses", "IngressClass"),
  resource("networking.k8s.io", "ingresses", "Ingress", {
    shortNames: ["ing"],
    subresources: [status("Ingress")],
  }),
  wide("networking.k8s.io", "ipaddresses", "IPAddress", { shortNames: ["ip"] }),
  resource("networking.k8s.io", "networkpolicies", "NetworkPolicy", { shortNames: ["netpol"] }),
  wide("networking.k8s.io", "servicecidrs", "ServiceCIDR", { subresources: [status("ServiceCIDR")] }),
  resource("policy", "poddisruptionbudgets", "PodDisruptionBudget", {
    shortNames: ["pdb"],
    subresources: [status("PodDisruptionBudget")],
  }),
  wide(rbac, "clusterrolebindings", "ClusterRoleBinding"),
  wide(rbac, "clusterroles", "ClusterRole"),
  resource(rbac, "rolebindings", "RoleBinding"),
  resource(rbac, "roles", "Role"),
  wide("storage.k8s.io", "csidrivers", "CSIDriver"),
  wide("storage.k8s.io", "csinodes", "CSINode"),
  resource("storage.k8s.io", "csistoragecapacities", "CSIStorageCapacity"),
  wide("storage.k8s.io", "storageclasses", "StorageClass", { shortNames: ["sc"] }),
  wide("storage.k8s.io", "volumeattachments", "VolumeAttachment", {
    subresources: [status("VolumeAttachment")],
  }),
  wide(admission, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", extensions),
  wide(admission, "validatingadmissionpolicies", "ValidatingAdmissionPolicy", {
    ...extensions,
    subresources: [status("ValidatingAdmissionPolicy")],
  }),
  wide(admission, "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", extensions),
  wide(admission, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", extensions),
  wide("apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", {
    shortNames: ["crd", "crds"],
    ...extensions,
    subresources: [status("CustomResourceDefinition")],
  }),
  wide("scheduling.k8s.io", "priorityclasses", "PriorityClass", { shortNames: ["pc"] }),
  resource("coordination.k8s.io", "leases", "Lease"),
  wide("node.k8s.io", "runtimeclasses", "RuntimeClass"),
  resource("discovery.k8s.io", "endpointslices", "EndpointSlice"),
  wide(flowcontrol, "flowschemas", "FlowSchema", { subresources: [status("FlowSchema")] }),
  wide(flowcontrol, "prioritylevelconfigurations", "PriorityLevelConfiguration", {
    subresources: [status("PriorityLevelConfiguration")],
  }),
];
