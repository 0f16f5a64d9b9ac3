import { hexFrom, numberFrom, uidFrom } from "../prng.ts";
import { containerStatus } from "./container-status.ts";
import type { NodeFacts } from "./node.ts";
import { time } from "./time.ts";
import type {
  Condition,
  OwnerReference,
  PodObject,
  PodPhase,
  PodSpec,
  PodStatus,
  PodTemplate,
} from "./types.ts";
import type { PodHistory } from "./workload.ts";

export type PodInput = {
  seed: number;
  namespace: string;
  name: string;
  /** of a pod that exists already; derived from its name where there is none */
  uid?: string;
  generateName?: string;
  template: PodTemplate;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
  /** null: no node has room for it */
  node: NodeFacts | null;
  ip: string | null;
  unschedulable?: string;
  createdMs: number;
  history?: PodHistory;
};

const ordinaryTolerations = ["not-ready", "unreachable"].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** A pod as list items show it: what admission and kubelet add to the template is there. */
export function buildPod(input: PodInput): PodObject {
  const { template, node } = input;
  const uid = input.uid ?? uidFrom(`${input.seed}/Pod/${input.namespace}/${input.name}/${input.createdMs}`);
  const annotations = { ...template.metadata.annotations, ...input.annotations };
  const token = `kube-api-access-${hexFrom(`${input.seed}/${input.namespace}/${input.name}/token`, 5)}`;
  return {
    metadata: {
      name: input.name,
      ...(input.generateName && { generateName: input.generateName }),
      namespace: input.namespace,
      uid,
      generation: 1,
      creationTimestamp: time(input.createdMs),
      labels: { ...template.metadata.labels, ...input.labels },
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(input.owner && { ownerReferences: [input.owner] }),
    },
    spec: {
      volumes: [{ name: token, projected: { sources: tokenSources, defaultMode: 420 } }],
      ...template.spec,
      serviceAccountName: "default",
      serviceAccount: "default",
      ...(node && { nodeName: node.name }),
      tolerations: [...(template.spec.tolerations ?? []), ...ordinaryTolerations],
      priority: template.spec.priorityClassName ? 2_000_001_000 : 0,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
    },
    status: node ? placedStatus(input, node, uid) : pendingStatus(input),
  };
}

const tokenSources = [
  { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  {
    downwardAPI: {
      items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
    },
  },
];

function pendingStatus(input: PodInput): PodStatus {
  return {
    phase: "Pending",
    conditions: [
      {
        ...condition("PodScheduled", false, input.createdMs, "Unschedulable"),
        message: input.unschedulable ?? "no nodes available to schedule pods",
      },
    ],
    qosClass: qosClass(input.template.spec),
  };
}

function placedStatus(input: PodInput, node: NodeFacts, uid: string): PodStatus {
  const { history, template } = input;
  const phase = history?.phase ?? "Running";
  const finished = phase === "Succeeded" || phase === "Failed";
  const statusOf = (kind: "init" | "app") => (container: PodSpec["containers"][number]) =>
    containerStatus({
      pod: input,
      uid,
      container,
      kind,
      finished,
      history: history?.containers?.[container.name],
    });
  const initContainerStatuses = template.spec.initContainers?.map(statusOf("init"));
  const containerStatuses = template.spec.containers.map(statusOf("app"));
  const unready = containerStatuses.filter((status) => !status.ready).map((status) => status.name);
  const ip = template.spec.hostNetwork ? node.address : (input.ip ?? undefined);
  return {
    phase,
    conditions: placedConditions(input.createdMs, phase, unready),
    ...(history?.message && { message: history.message }),
    ...(history?.reason && { reason: history.reason }),
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    ...(ip && { podIP: ip, podIPs: [{ ip }] }),
    startTime: time(input.createdMs),
    ...(initContainerStatuses && { initContainerStatuses }),
    containerStatuses,
    qosClass: qosClass(template.spec),
  };
}

function placedConditions(createdMs: number, phase: PodPhase, unready: string[]): Condition[] {
  const readyMs = createdMs + 4_000 + (numberFrom(String(createdMs)) % 5) * 1_000;
  const ready = phase === "Running" && unready.length === 0;
  const finishedReason = { Succeeded: "PodCompleted", Failed: "PodFailed" }[String(phase)];
  const reason = finishedReason ?? "ContainersNotReady";
  const explained =
    finishedReason === undefined ? { message: `containers with unready status: [${unready.join(" ")}]` } : {};
  const readiness = (type: string): Condition =>
    ready ? condition(type, true, readyMs) : { ...condition(type, false, readyMs, reason), ...explained };
  const initialized = condition("Initialized", true, createdMs);
  return [
    condition("PodReadyToStartContainers", finishedReason === undefined, createdMs + 2_000),
    phase === "Succeeded" ? { ...initialized, reason: "PodCompleted" } : initialized,
    readiness("Ready"),
    readiness("ContainersReady"),
    condition("PodScheduled", true, createdMs),
  ];
}

function condition(type: string, met: boolean, atMs: number, reason?: string): Condition {
  return {
    type,
    status: met ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: time(atMs),
    ...(reason && { reason }),
  };
}

function qosClass(spec: PodSpec): PodStatus["qosClass"] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(
    (container) => container.resources ?? {},
  );
  if (all.every(({ requests, limits }) => !requests && !limits)) return "BestEffort";
  const guaranteed = all.every(
    ({ requests, limits }) =>
      limits?.cpu !== undefined &&
      limits.memory !== undefined &&
      requests?.cpu === limits.cpu &&
      requests.memory === limits.memory,
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
