import { z } from "zod";
import type { Judgement, Needs } from "../define-check.ts";
import { kubernetes } from "../needs/kubernetes.ts";
import { type Fields, project } from "./cel-paths.ts";
import { toCel } from "./cel-values.ts";
import type { Expressions } from "./expressions.ts";
import { identified } from "./identity.ts";
import { type Asked, judgeAll } from "./judge.ts";
import type { CheckSpec, SourceSpec } from "./spec.ts";

type KubernetesSource = Extract<SourceSpec, { type: "kubernetes" }>;
/** Of one object; larger ones are known by name only. */
const mostBytes = 16 * 1024;

const pickedSchema = z.object({
  namespace: z.string().optional(),
  name: z.string(),
  object: z.unknown().optional(),
  tooLarge: z.boolean().optional(),
});
type Picked = z.infer<typeof pickedSchema>;

/** Keeps of each object what the expressions look at, and its name. */
export function objectNeeds(source: KubernetesSource, fields: Fields): Needs {
  const { kind, labelSelector, fieldSelector } = source;
  const selectors = { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
  const pick = (object: unknown) => pickObject(source, fields, object);
  return { objects: kubernetes.list(kind, identified(pick, `object 1 ${fieldWords(fields)}`), selectors) };
}

/** "metadata(labels(app*)),spec(replicas*)": a star is all of it. */
function fieldWords({ whole, members }: Fields): string {
  if (whole) return "*";
  const named = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return named.map(([name, fields]) => `${JSON.stringify(name)}(${fieldWords(fields)})`).join(",");
}

function pickObject(source: KubernetesSource, fields: Fields, object: unknown): Picked {
  const { metadata } = Object(object) as { metadata?: { namespace?: unknown; name?: unknown } };
  if (typeof metadata?.name !== "string") throw new Error("an object without a name");
  const named = {
    name: metadata.name,
    ...(typeof metadata.namespace === "string" && { namespace: metadata.namespace }),
  };
  const kept = project(withoutNoise(source, object), fields);
  if (JSON.stringify(kept).length > mostBytes) return { ...named, tooLarge: true };
  return { ...named, object: kept };
}

/** Field owners are long and say nothing of the object's state; what a Secret holds never leaves the cluster. */
function withoutNoise({ kind }: KubernetesSource, object: unknown): unknown {
  const copy: Record<string, unknown> = { ...(object as Record<string, unknown>) };
  const { managedFields: _, annotations, ...metadata } = Object(copy.metadata) as Record<string, unknown>;
  const { "kubectl.kubernetes.io/last-applied-configuration": __, ...others } = Object(annotations) as Record<
    string,
    unknown
  >;
  copy.metadata = { ...metadata, ...(annotations ? { annotations: others } : {}) };
  if (kind.group !== "" || kind.resource !== "secrets") return copy;
  for (const part of ["data", "stringData"]) {
    if (copy[part]) copy[part] = Object.fromEntries(Object.keys(Object(copy[part])).map((key) => [key, ""]));
  }
  return copy;
}

export function judgeObjects(
  spec: CheckSpec,
  expressions: Expressions,
  { objects, params }: { objects: unknown; params: Record<string, unknown> },
): Judgement {
  const source = spec.source as KubernetesSource;
  const all = z
    .array(pickedSchema)
    .parse(objects)
    .map((picked) => askedOf(source, picked));
  const { findings, asked } = judgeAll(spec, expressions, { params, all });
  const unit = `{${source.kind.resource}}`;
  return { findings, measurements: [{ name: "judged", value: asked, unit }, unfit(findings.length, unit)] };
}

function unfit(value: number, unit: string) {
  return { name: "not as expected", value, unit };
}

function askedOf({ kind }: KubernetesSource, { namespace, name, object, tooLarge }: Picked): Asked {
  const place = [kind.resource, namespace, name].filter((part) => part !== undefined).join("/");
  return {
    subject: { kind: kind.kind, ...(namespace && { namespace }), name },
    ...(tooLarge && { tooLarge }),
    variables: () => ({ object: toCel(object) }),
    evidence: () =>
      object ? [{ source: place, excerpt: JSON.stringify(object, null, 2).slice(0, 1_000) }] : [],
  };
}
