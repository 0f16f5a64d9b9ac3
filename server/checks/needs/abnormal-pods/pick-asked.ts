import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { type PlacementRules, pickPlacementRules } from "#common/kubernetes/placement.ts";
import { parseQuantity } from "#common/kubernetes/quantity.ts";

/** A named object that a pod cannot start without, and the key in it where one is named. */
export type Reference = {
  kind: "ConfigMap" | "Secret" | "PersistentVolumeClaim";
  name: string;
  key?: string;
};

/** What a waiting pod asks of the cluster: room, a kind of node, objects of its namespace. */
export type Asked = {
  rules: PlacementRules;
  scheduler: string;
  cpuCores: number;
  memoryBytes: number;
  references: Reference[];
  pullSecrets: string[];
};

function requested(spec: PodSpec | undefined, resource: "cpu" | "memory"): number {
  const of = (containers: PodSpec["containers"] | undefined) =>
    (containers ?? []).map(({ resources }) => parseQuantity(resources?.requests?.[resource]) ?? 0);
  const together = of(spec?.containers).reduce((sum, one) => sum + one, 0);
  return Math.max(together, ...of(spec?.initContainers)) + (parseQuantity(spec?.overhead?.[resource]) ?? 0);
}

type Optional = { optional?: boolean };
const needed = (one: Optional | undefined) => one?.optional !== true;

function volumeReferences(spec: PodSpec | undefined): Reference[] {
  return (spec?.volumes ?? []).flatMap(
    ({ configMap, secret, persistentVolumeClaim, projected }): Reference[] => [
      ...(configMap?.name && needed(configMap) ? [{ kind: "ConfigMap" as const, name: configMap.name }] : []),
      ...(secret?.secretName && needed(secret) ? [{ kind: "Secret" as const, name: secret.secretName }] : []),
      ...(persistentVolumeClaim
        ? [{ kind: "PersistentVolumeClaim" as const, name: persistentVolumeClaim.claimName }]
        : []),
      ...(projected?.sources ?? []).flatMap(({ configMap, secret }): Reference[] => [
        // every namespace is given this one by a controller
        ...(configMap?.name && needed(configMap) && configMap.name !== "kube-root-ca.crt"
          ? [{ kind: "ConfigMap" as const, name: configMap.name }]
          : []),
        ...(secret?.name && needed(secret) ? [{ kind: "Secret" as const, name: secret.name }] : []),
      ]),
    ],
  );
}

function environmentReferences(spec: PodSpec | undefined): Reference[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ env, envFrom }): Reference[] => [
      ...(envFrom ?? []).flatMap(({ configMapRef, secretRef }): Reference[] => [
        ...(configMapRef?.name && needed(configMapRef)
          ? [{ kind: "ConfigMap" as const, name: configMapRef.name }]
          : []),
        ...(secretRef?.name && needed(secretRef) ? [{ kind: "Secret" as const, name: secretRef.name }] : []),
      ]),
      ...(env ?? []).flatMap(({ valueFrom }): Reference[] => {
        const map = valueFrom?.configMapKeyRef;
        const secret = valueFrom?.secretKeyRef;
        return [
          ...(map?.name && needed(map) ? [{ kind: "ConfigMap" as const, name: map.name, key: map.key }] : []),
          ...(secret?.name && needed(secret)
            ? [{ kind: "Secret" as const, name: secret.name, key: secret.key }]
            : []),
        ];
      }),
    ],
  );
}

export function pickAsked(spec: PodSpec | undefined): Asked {
  return {
    rules: pickPlacementRules(spec),
    scheduler: spec?.schedulerName ?? "default-scheduler",
    cpuCores: requested(spec, "cpu"),
    memoryBytes: requested(spec, "memory"),
    references: [...volumeReferences(spec), ...environmentReferences(spec)].slice(0, 40),
    pullSecrets: (spec?.imagePullSecrets ?? []).flatMap(({ name }) => name ?? []),
  };
}
