import type { ApiObject, PodObject } from "../objects/types.ts";
import type { PodHistory, Workload } from "../objects/workload.ts";
import { hexFrom, uidFrom } from "../prng.ts";
import type { ExpectedFinding, Fault, Site } from "./fault.ts";
import { planted } from "./planting.ts";

type Kind = "Deployment" | "StatefulSet";
type Told = { reason: string; message: string; field?: string };
type Stuck = {
  kind: Kind;
  namespace: string;
  name: string;
  code: string;
  /** of the first replica */
  history: (site: Site) => PodHistory;
  /** a StatefulSet's, whose pod has a name to speak of */
  told?: Told;
  plant?: Parameters<typeof planted>[3];
};

const halfAnHour = 30 * 60_000;
const absentImage = "registry.example.com/shop/gift-cards:2.1.0-rc1";
const missingMap = "ledger-export-mapping";

const notFound = `failed to pull and unpack image "${absentImage}": failed to resolve reference "${absentImage}": ${absentImage}: not found`;
const untrusted =
  'failed to resolve reference "mirror.example.com/shop/loyalty:1.9.0": failed to do request: Head "https://mirror.example.com/v2/shop/loyalty/manifests/1.9.0": tls: failed to verify certificate: x509: certificate signed by unknown authority';

const stuck: Stuck[] = [
  {
    ...{ kind: "Deployment", namespace: "storefront", name: "gift-cards", code: "image-not-found" },
    history: () => ({
      waiting: { app: { reason: "ImagePullBackOff", message: `Back-off pulling image: ${notFound}` } },
    }),
  },
  {
    ...{ kind: "StatefulSet", namespace: "checkout", name: "loyalty", code: "image-registry-untrusted" },
    history: () => ({ waiting: { app: { reason: "ErrImagePull", message: untrusted } } }),
  },
  {
    ...{ kind: "StatefulSet", namespace: "payments", name: "ledger-export", code: "missing-reference" },
    history: () => ({ waiting: { app: { reason: "ContainerCreating" } } }),
    told: {
      reason: "FailedMount",
      message: `MountVolume.SetUp failed for volume "mapping" : configmap "${missingMap}" not found`,
    },
    // It was there when the other replica started.
    plant: { more: { volumes: [{ name: "mapping", configMap: { name: missingMap, defaultMode: 420 } }] } },
  },
  {
    ...{ kind: "Deployment", namespace: "search", name: "rank-trainer", code: "resources-insufficient" },
    history: ({ nodes, workers }) => ({
      unschedulable: `0/${nodes.length} nodes are available: ${nodes.length - workers.length} node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, ${workers.length} Insufficient memory. preemption: 0/${nodes.length} nodes are available: ${nodes.length} No preemption victims found for incoming pod.`,
    }),
  },
  {
    ...{ kind: "StatefulSet", namespace: "logistics", name: "parcel-tracker", code: "readiness-port-closed" },
    history: () => ({ unready: ["app"] }),
    told: {
      reason: "Unhealthy",
      message:
        'Readiness probe failed: Get "http://10.244.1.9:8080/healthz": dial tcp 10.244.1.9:8080: connect: connection refused',
      field: "spec.containers{app}",
    },
  },
  {
    ...{
      kind: "Deployment",
      namespace: "recommendations",
      name: "feature-store",
      code: "init-container-waits",
    },
    history: () => ({ stuckInit: "wait-for-database" }),
    plant: { initContainers: [{ name: "wait-for-database", image: "busybox:1.37.0" }] },
  },
  {
    ...{ kind: "StatefulSet", namespace: "identity", name: "session-archive", code: "finalizer-holds" },
    history: () => ({
      phase: "Succeeded",
      terminating: { sinceMs: halfAnHour },
      finalizers: ["storage.example.com/snapshot"],
    }),
  },
  {
    ...{ kind: "Deployment", namespace: "payments", name: "rate-feed", code: "name-resolution-failed" },
    history: () => ({
      containers: {
        app: {
          ended: {
            exitCode: 1,
            reason: "Error",
            message: "dial tcp: lookup rates.example.internal on 10.96.0.10:53: no such host",
          },
          now: "back-off",
          restarts: 6,
        },
      },
    }),
  },
];

function workloadOf(one: Stuck, site: Site): Workload {
  const { kind, namespace, name, history, plant } = one;
  return planted(kind, namespace, name, {
    ...plant,
    // one of the pods: the others keep the service up
    history: (ordinal) => (ordinal === 0 ? { ageMs: halfAnHour * 2, ...history(site) } : undefined),
  });
}

/** What the kubelet said about the pod, again and again. */
function eventOf(pod: PodObject, { reason, message, field }: Told): ApiObject {
  const { name, namespace = "", uid = "" } = pod.metadata;
  const { startTime } = pod.status;
  return {
    metadata: {
      name: `${name}.${hexFrom(`${uid}/${reason}`, 16)}`,
      namespace,
      uid: uidFrom(`${uid}/${reason}`),
      creationTimestamp: startTime ?? null,
    },
    involvedObject: {
      kind: "Pod",
      namespace,
      name,
      uid,
      apiVersion: "v1",
      ...(field && { fieldPath: field }),
    },
    reason,
    message,
    source: { component: "kubelet", host: pod.spec.nodeName },
    firstTimestamp: startTime,
    lastTimestamp: startTime,
    count: 14,
    type: "Warning",
    eventTime: null,
    reportingComponent: "kubelet",
    reportingInstance: pod.spec.nodeName,
  };
}

const checkId = "kubernetes/pod-abnormal-states";
const crashes: ExpectedFinding = {
  checkId: "kubernetes/container-exit-codes",
  code: "application-error",
  verdict: "fail",
  subject: { kind: "Deployment", namespace: "payments", name: "rate-feed", part: "app" },
};

/** A pod whose sandbox is not made has no address either. */
const noAddress: ExpectedFinding = {
  checkId: "kubernetes/network-map",
  code: "no-address",
  verdict: "warn",
  subject: { kind: "StatefulSet", namespace: "payments", name: "ledger-export" },
};

const missingSettings: ExpectedFinding = {
  checkId: "kubernetes/configuration",
  code: "missing-reference",
  verdict: "fail",
  subject: { kind: "StatefulSet", namespace: "payments", name: "ledger-export" },
};

export const fault: Fault = {
  id: "pod-abnormal-states",
  plant: (site) => ({
    workloads: [
      ...stuck.map((one) => workloadOf(one, site)),
      planted("Deployment", "search", "just-started", {
        history: (ordinal) =>
          ordinal === 0 ? { ageMs: 20_000, waiting: { app: { reason: "ContainerCreating" } } } : undefined,
      }),
    ],
    objects: (podAt) =>
      new Map([
        [
          "events",
          stuck.flatMap((one) =>
            one.told ? [eventOf(podAt(`${one.namespace}/${one.name}-0`), one.told)] : [],
          ),
        ],
      ]),
    expected: [
      ...stuck.map(({ kind, namespace, name, code }) => ({
        checkId,
        code,
        verdict: "fail" as const,
        subject: { kind, namespace, name },
      })),
      crashes,
      noAddress,
      missingSettings,
    ],
    decoys: [
      {
        subject: { kind: "Deployment", namespace: "search", name: "just-started" },
        why: "its container has been created for some seconds only",
      },
    ],
  }),
  mend(controllers) {
    controllers.put("configmaps", {
      metadata: { name: missingMap, namespace: "payments" },
      data: { "mapping.yaml": "accounts: []\n" },
    });
    for (const { kind, namespace, name } of stuck) controllers.restartPods(kind, namespace, name);
  },
};
