import { invalid } from "./status.ts";

type Spec = Record<string, unknown> | undefined;

const asObject = (value: unknown): Spec =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;

/**
 * Refuses a pod or a pod template without containers, or with one that lacks name or image: the little that the
 * rest of the cluster relies on.
 */
export function refuseBadContainers(kind: string, name: string, body: Record<string, unknown>): void {
  const spec = asObject(body.spec);
  const template = asObject(spec?.template);
  if (kind !== "Pod" && !template) return;
  const [path, podSpec] = kind === "Pod" ? ["spec", spec] : ["spec.template.spec", asObject(template?.spec)];
  const missing = missingField(podSpec);
  if (missing === undefined) return;
  const cause = { reason: "FieldValueRequired", message: "Required value", field: `${path}.${missing}` };
  throw invalid({ kind, name }, cause);
}

function missingField(podSpec: Spec): string | undefined {
  const containers = podSpec?.containers;
  if (!Array.isArray(containers) || containers.length === 0) return "containers";
  for (const [index, container] of containers.entries()) {
    for (const field of ["name", "image"]) {
      if (typeof asObject(container)?.[field] !== "string") return `containers[${index}].${field}`;
    }
  }
  return undefined;
}
