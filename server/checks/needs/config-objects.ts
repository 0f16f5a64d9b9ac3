import type { ConfigMap, Secret } from "kubernetes-types/core/v1.d.ts";
import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { judgeValue, type ValueVerdict } from "./config-values.ts";

/** ConfigMaps and Secrets as far as the check may know them: keys and what was found of values, no value. */

export type Settings = {
  namespace: string;
  name: string;
  createdAt: string;
  /** when its content was last written, if the server says */
  changedAt?: string;
  immutable?: true;
  /** somebody else makes it, or reads it through the API */
  managed?: true;
  keys: ValueVerdict[];
};

export type SecretKeys = {
  namespace: string;
  name: string;
  type: string;
  createdAt: string;
  managed?: true;
  keys: string[];
};

/** Every namespace gets these, and whoever puts them there keeps them. */
export const alwaysThere = new Set(["kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"]);

const readByLabel =
  /^(grafana_(dashboard|datasource|alert)|sidecar\.istio\.io\/inject|owner|istio\.io\/config|addonmanager\.kubernetes\.io\/mode)$/;
const readByAnnotation = /^(control-plane\.alpha\.kubernetes\.io\/leader|kubernetes\.io\/description)$/;

function isManaged({ namespace, name, ownerReferences, labels, annotations }: ObjectMeta): boolean {
  return (
    // the control plane watches its settings through the API, under a name for each of its revisions
    (namespace === "istio-system" && /^istio(-|$)/.test(name ?? "")) ||
    (ownerReferences?.length ?? 0) > 0 ||
    Object.keys(labels ?? {}).some((key) => readByLabel.test(key)) ||
    Object.keys(annotations ?? {}).some((key) => readByAnnotation.test(key))
  );
}

/** The last write of data itself: managers that only touched labels or annotations do not count. */
function lastWrite({ managedFields = [] }: ObjectMeta): string | undefined {
  const times = managedFields.flatMap(({ time, fieldsV1 }) =>
    time && fieldsV1 && "f:data" in fieldsV1 ? [time] : [],
  );
  return times.sort().at(-1);
}

export function pickSettings({
  metadata = {},
  data,
  binaryData,
  immutable,
}: ConfigMap): Settings | undefined {
  const { namespace = "", name = "", creationTimestamp = "" } = metadata;
  if (alwaysThere.has(name)) return undefined;
  const changedAt = lastWrite(metadata);
  return {
    namespace,
    name,
    createdAt: creationTimestamp,
    ...(changedAt && changedAt !== creationTimestamp && { changedAt }),
    ...(immutable && { immutable }),
    ...(isManaged(metadata) && { managed: true }),
    keys: [
      ...Object.entries(data ?? {}).map(([key, text]) => judgeValue(key, text, 32)),
      ...Object.entries(binaryData ?? {}).map(([key, text]) => ({ key, bytes: text.length })),
    ],
  };
}

export function pickSecretKeys({ metadata = {}, type = "Opaque", data }: Secret): SecretKeys {
  const { namespace = "", name = "", creationTimestamp = "" } = metadata;
  return {
    namespace,
    name,
    type,
    createdAt: creationTimestamp,
    ...(isManaged(metadata) && { managed: true }),
    keys: Object.keys(data ?? {}),
  };
}

/** Tools that make a new object for each content put a hash or a version behind the name. */
export function baseName(name: string): string {
  return name.replace(/-([bcdfghkmt2456789]{10}|[0-9a-f]{8,10}|v?\d+(\.\d+){1,2}|v\d+)$/, "");
}
