import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type { Container, Pod, PodSpec, ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import type { Ingress } from "kubernetes-types/networking/v1.d.ts";
import type { Subject } from "#common/result.ts";
import { type OwnedPod, pickOwner } from "./owners.ts";

/** Who uses which ConfigMap and Secret, and which keys of them. */

export type Reference = {
  kind: "ConfigMap" | "Secret";
  name: string;
  /** absent: the object as a whole */
  key?: string;
  /** its absence keeps no pod from starting */
  optional?: true;
  /** read once at start (environment, subPath), not followed afterwards */
  once?: true;
};

function reference(
  kind: Reference["kind"],
  name: string | undefined,
  { key, optional, once }: { key?: string; optional?: boolean; once?: boolean } = {},
): Reference[] {
  if (!name) return [];
  return [
    { kind, name, ...(key !== undefined && { key }), ...(optional && { optional }), ...(once && { once }) },
  ];
}

type Source = { name?: string; items?: { key: string }[]; optional?: boolean };

function ofSource(kind: Reference["kind"], source: Source, once: boolean): Reference[] {
  const { name, items, optional } = source;
  const keys = items?.map(({ key }) => key) ?? [undefined];
  return keys.flatMap((key) => reference(kind, name, { ...(key !== undefined && { key }), optional, once }));
}

function ofEnvironment({ env = [], envFrom = [] }: Container): Reference[] {
  return [
    ...env.flatMap(({ valueFrom }) => [
      ...reference("ConfigMap", valueFrom?.configMapKeyRef?.name, {
        ...valueFrom?.configMapKeyRef,
        once: true,
      }),
      ...reference("Secret", valueFrom?.secretKeyRef?.name, { ...valueFrom?.secretKeyRef, once: true }),
    ]),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...reference("ConfigMap", configMapRef?.name, { optional: configMapRef?.optional, once: true }),
      ...reference("Secret", secretRef?.name, { optional: secretRef?.optional, once: true }),
    ]),
  ];
}

export function referencesOf(spec: PodSpec | undefined): Reference[] {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const single = new Set(
    containers.flatMap(({ volumeMounts = [] }) =>
      volumeMounts.flatMap(({ name, subPath, subPathExpr }) => (subPath || subPathExpr ? [name] : [])),
    ),
  );
  const volumes = (spec?.volumes ?? []).flatMap(({ name, configMap, secret, projected }) => {
    const once = single.has(name);
    const parts = (projected?.sources ?? []).flatMap((part) => [
      ...ofSource("ConfigMap", part.configMap ?? {}, once),
      ...ofSource("Secret", part.secret ?? {}, once),
    ]);
    return [
      ...ofSource("ConfigMap", configMap ?? {}, once),
      ...ofSource("Secret", { ...secret, name: secret?.secretName }, once),
      ...parts,
    ];
  });
  const pull = (spec?.imagePullSecrets ?? []).flatMap(({ name }) =>
    reference("Secret", name, { optional: true }),
  );
  const seen = new Set<string>();
  return [...containers.flatMap(ofEnvironment), ...volumes, ...pull].filter((one) => {
    const text = JSON.stringify(one);
    return !seen.has(text) && seen.add(text) !== undefined;
  });
}

export type User = Subject & {
  references: Reference[];
  /** words of its command lines that may be names of settings, such as --configmap=namespace/name */
  mentions?: string[];
  /** nothing of it runs or will: what it lacks hurts nobody now */
  idle?: true;
};

function mentionsOf(spec: PodSpec | undefined): string[] {
  const words = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ command = [], args = [], env = [] }) => [
      ...command,
      ...args,
      ...env.flatMap(({ value }) => value ?? []),
    ],
  );
  const likely = words.filter((word) => word.length < 300 && /config|secret|cert|settings/i.test(word));
  return [...new Set(likely.flatMap((word) => word.split(/[^a-z0-9.-]+/).filter((part) => part.length > 2)))];
}

function user(
  kind: string,
  metadata: ObjectMeta | undefined,
  spec: PodSpec | undefined,
  idle: boolean,
): User | undefined {
  const references = referencesOf(spec);
  const mentions = mentionsOf(spec);
  if (references.length === 0 && mentions.length === 0) return undefined;
  const { namespace = "", name = "" } = metadata ?? {};
  return {
    ...{ kind, namespace, name, references },
    ...(mentions.length > 0 && { mentions }),
    ...(idle && { idle }),
  };
}

const owned = (metadata: ObjectMeta | undefined) =>
  metadata?.ownerReferences?.some(({ controller }) => controller) ?? false;

export function pickTemplateUser(kind: "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") {
  return ({ metadata, spec }: Deployment | StatefulSet | DaemonSet | ReplicaSet): User | undefined => {
    if (owned(metadata)) return undefined;
    const replicas = spec && "replicas" in spec ? spec.replicas : undefined;
    return user(kind, metadata, spec?.template?.spec, replicas === 0);
  };
}

export function pickJobUser({ metadata, spec, status }: Job): User | undefined {
  if (owned(metadata)) return undefined;
  const ended = (status?.conditions ?? []).some(
    ({ type, status: met }) => (type === "Complete" || type === "Failed") && met === "True",
  );
  return user("Job", metadata, spec?.template.spec, ended || spec?.suspend === true);
}

export function pickCronJobUser({ metadata, spec }: CronJob): User | undefined {
  return user("CronJob", metadata, spec?.jobTemplate.spec?.template.spec, spec?.suspend === true);
}

const templated = new Set(["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"]);

export type RunningUser = OwnedPod & {
  startedAt: string;
  /** names of ConfigMaps that it read when it started */
  read: string[];
  /** of a pod that no template speaks for */
  references?: Reference[];
};

/** A running pod that reads settings at its start, or one whose owner is of no kind that is read beside. */
export function pickRunningUser({ metadata, spec, status }: Pod): RunningUser | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const all = referencesOf(spec).filter(({ name }) => name !== "kube-root-ca.crt");
  if (all.length === 0) return undefined;
  const once = all.filter(({ kind, once: only }) => kind === "ConfigMap" && only).map(({ name }) => name);
  const pod = pickOwner(metadata);
  const isOwn = !pod.owner || !templated.has(pod.owner.kind);
  if (once.length === 0 && !isOwn) return undefined;
  const running = status?.phase === "Running";
  return {
    ...pod,
    startedAt: running ? (status?.startTime ?? "") : "",
    read: [...new Set(once)],
    ...(isOwn && { references: all }),
  };
}

export type Mention = { namespace: string; secrets: string[] };

/** Secrets that a ServiceAccount or an Ingress speaks of. */
export function pickAccountSecrets({
  metadata,
  secrets,
  imagePullSecrets,
}: ServiceAccount): Mention | undefined {
  const names = [...(secrets ?? []), ...(imagePullSecrets ?? [])].flatMap(({ name }) => name ?? []);
  return names.length > 0 ? { namespace: metadata?.namespace ?? "", secrets: names } : undefined;
}

export function pickIngressSecrets({ metadata, spec }: Ingress): Mention | undefined {
  const names = (spec?.tls ?? []).flatMap(({ secretName }) => secretName ?? []);
  return names.length > 0 ? { namespace: metadata?.namespace ?? "", secrets: names } : undefined;
}
