/** The parts of Kubernetes objects that are generated here. Type aliases, so that they are also `ApiObject`s. */

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: true;
  blockOwnerDeletion?: true;
};

type Metadata = {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
};

/** Any object as it is stored: like an item of a list, without kind and apiVersion. */
export type ApiObject = { metadata: Metadata; [field: string]: unknown };

export type ContainerPort = {
  name?: string;
  hostPort?: number;
  containerPort: number;
  protocol: "TCP" | "UDP";
  hostIP?: string;
};

export type Resources = {
  requests?: { cpu?: string; memory?: string };
  limits?: { cpu?: string; memory?: string };
};

export type Container = {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  ports?: ContainerPort[];
  resources?: Resources;
  restartPolicy?: "Always";
  livenessProbe?: Record<string, unknown>;
  readinessProbe?: Record<string, unknown>;
  terminationMessagePath: string;
  terminationMessagePolicy: string;
  imagePullPolicy: string;
  [field: string]: unknown;
};

export type Toleration = { key?: string; operator: string; effect?: string; tolerationSeconds?: number };

export type PodSpec = {
  initContainers?: Container[];
  containers: Container[];
  restartPolicy: "Always" | "Never" | "OnFailure";
  terminationGracePeriodSeconds: number;
  dnsPolicy: string;
  nodeSelector?: Record<string, string>;
  nodeName?: string;
  hostNetwork?: true;
  securityContext: Record<string, unknown>;
  schedulerName: string;
  tolerations?: Toleration[];
  priorityClassName?: string;
  serviceAccountName?: string;
  volumes?: Record<string, unknown>[];
  [field: string]: unknown;
};

export type PodTemplate = {
  metadata: {
    creationTimestamp: null;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: PodSpec;
};

export type Terminated = {
  exitCode: number;
  reason: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
};

export type ContainerState = {
  running?: { startedAt: string };
  waiting?: { reason: string; message?: string };
  terminated?: Terminated;
};

export type ContainerStatus = {
  name: string;
  state: ContainerState;
  lastState: ContainerState;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
  started: boolean;
  allocatedResources?: Record<string, string>;
  resources: Resources;
};

export type Condition = {
  type: string;
  status: "True" | "False" | "Unknown";
  lastProbeTime: null;
  lastTransitionTime: string;
  reason?: string;
  message?: string;
};

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

export type PodStatus = {
  phase: PodPhase;
  conditions?: Condition[];
  message?: string;
  reason?: string;
  hostIP?: string;
  hostIPs?: { ip: string }[];
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  qosClass: "Guaranteed" | "Burstable" | "BestEffort";
};

export type PodObject = { metadata: Metadata; spec: PodSpec; status: PodStatus };
