/** Versions of Kubernetes' own APIs that servers stopped to serve, when, and what took their place. */

export type RemovedApi = {
  group: string;
  version: string;
  /** kinds; none: all of that version */
  kinds?: readonly string[];
  /** the minor version, of 1, that no longer serves it */
  removedIn: number;
  /** the version to write instead; null: there is none */
  instead: string | null;
};

const rbac = "rbac.authorization.k8s.io";
const flow = "flowcontrol.apiserver.k8s.io";

/** Where a version went in several steps, the kinds that stayed longer come first. */
export const removedApis: readonly RemovedApi[] = [
  {
    group: "extensions",
    version: "v1beta1",
    kinds: ["Ingress"],
    removedIn: 22,
    instead: "networking.k8s.io/v1",
  },
  {
    group: "extensions",
    version: "v1beta1",
    kinds: ["NetworkPolicy"],
    removedIn: 16,
    instead: "networking.k8s.io/v1",
  },
  { group: "extensions", version: "v1beta1", kinds: ["PodSecurityPolicy"], removedIn: 16, instead: null },
  { group: "extensions", version: "v1beta1", removedIn: 16, instead: "apps/v1" },
  { group: "apps", version: "v1beta1", removedIn: 16, instead: "apps/v1" },
  { group: "apps", version: "v1beta2", removedIn: 16, instead: "apps/v1" },
  {
    group: "networking.k8s.io",
    version: "v1beta1",
    kinds: ["Ingress", "IngressClass"],
    removedIn: 22,
    instead: "networking.k8s.io/v1",
  },
  {
    group: "admissionregistration.k8s.io",
    version: "v1beta1",
    kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    removedIn: 22,
    instead: "admissionregistration.k8s.io/v1",
  },
  { group: "apiextensions.k8s.io", version: "v1beta1", removedIn: 22, instead: "apiextensions.k8s.io/v1" },
  {
    group: "apiregistration.k8s.io",
    version: "v1beta1",
    removedIn: 22,
    instead: "apiregistration.k8s.io/v1",
  },
  {
    group: "authentication.k8s.io",
    version: "v1beta1",
    kinds: ["TokenReview"],
    removedIn: 22,
    instead: "authentication.k8s.io/v1",
  },
  { group: "authorization.k8s.io", version: "v1beta1", removedIn: 22, instead: "authorization.k8s.io/v1" },
  {
    group: "certificates.k8s.io",
    version: "v1beta1",
    kinds: ["CertificateSigningRequest"],
    removedIn: 22,
    instead: "certificates.k8s.io/v1",
  },
  {
    group: "coordination.k8s.io",
    version: "v1beta1",
    kinds: ["Lease"],
    removedIn: 22,
    instead: "coordination.k8s.io/v1",
  },
  { group: rbac, version: "v1beta1", removedIn: 22, instead: `${rbac}/v1` },
  { group: rbac, version: "v1alpha1", removedIn: 22, instead: `${rbac}/v1` },
  { group: "scheduling.k8s.io", version: "v1beta1", removedIn: 22, instead: "scheduling.k8s.io/v1" },
  {
    group: "storage.k8s.io",
    version: "v1beta1",
    kinds: ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
    removedIn: 22,
    instead: "storage.k8s.io/v1",
  },
  {
    group: "storage.k8s.io",
    version: "v1beta1",
    kinds: ["CSIStorageCapacity"],
    removedIn: 27,
    instead: "storage.k8s.io/v1",
  },
  { group: "batch", version: "v1beta1", kinds: ["CronJob"], removedIn: 25, instead: "batch/v1" },
  { group: "batch", version: "v2alpha1", kinds: ["CronJob"], removedIn: 21, instead: "batch/v1" },
  { group: "discovery.k8s.io", version: "v1beta1", removedIn: 25, instead: "discovery.k8s.io/v1" },
  { group: "events.k8s.io", version: "v1beta1", removedIn: 25, instead: "events.k8s.io/v1" },
  { group: "policy", version: "v1beta1", kinds: ["PodSecurityPolicy"], removedIn: 25, instead: null },
  { group: "policy", version: "v1beta1", removedIn: 25, instead: "policy/v1" },
  { group: "node.k8s.io", version: "v1beta1", removedIn: 25, instead: "node.k8s.io/v1" },
  { group: "autoscaling", version: "v2beta1", removedIn: 25, instead: "autoscaling/v2" },
  { group: "autoscaling", version: "v2beta2", removedIn: 26, instead: "autoscaling/v2" },
  { group: flow, version: "v1beta1", removedIn: 26, instead: `${flow}/v1` },
  { group: flow, version: "v1beta2", removedIn: 29, instead: `${flow}/v1` },
  { group: flow, version: "v1beta3", removedIn: 32, instead: `${flow}/v1` },
];

export function removedApi(apiVersion: string, kind: string): RemovedApi | undefined {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return removedApis.find(
    (api) => api.group === group && api.version === version && (api.kinds?.includes(kind) ?? true),
  );
}

/** 33 of "v1.33.4-eks" or of "33+"; undefined of anything else. */
export function minorOf(version: string): number | undefined {
  const digits = /^v?1\.(\d+)/.exec(version)?.[1] ?? /^(\d+)\+?$/.exec(version)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
