import { hexFrom, uidFrom } from "../prng.ts";
import type { NodeFacts } from "./node.ts";
import { pendingStatus, placedStatus } from "./pod-status.ts";
import { time } from "./time.ts";
import type { OwnerReference, PodObject, PodTemplate } from "./types.ts";
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
  /** when the cluster was started: what happened lately is told from there */
  startedMs?: number;
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
  const account = template.spec.serviceAccountName ?? "default";
  const { terminating, finalizers } = input.history ?? {};
  return {
    metadata: {
      name: input.name,
      ...(input.generateName && { generateName: input.generateName }),
      namespace: input.namespace,
      uid,
      generation: 1,
      creationTimestamp: time(input.createdMs),
      ...(terminating && {
        deletionTimestamp: time((input.startedMs ?? 0) - terminating.sinceMs),
        deletionGracePeriodSeconds: terminating.graceSeconds ?? 30,
      }),
      labels: { ...template.metadata.labels, ...input.labels },
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(input.owner && { ownerReferences: [input.owner] }),
      ...(finalizers && { finalizers }),
    },
    spec: {
      ...template.spec,
      volumes: [
        ...(template.spec.volumes ?? []),
        { name: token, projected: { sources: tokenSources, defaultMode: 420 } },
      ],
      serviceAccountName: account,
      serviceAccount: account,
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
