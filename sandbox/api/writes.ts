import { randomUUID } from "node:crypto";
import { groupVersion, storageName } from "../cluster/resources.ts";
import { keyOf } from "../cluster/store.ts";
import { time } from "../objects/time.ts";
import type { ApiObject } from "../objects/types.ts";
import { mediaTypeOf, parseObject, readBody, requireJson } from "./body.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { applyPatch } from "./patch.ts";
import { alreadyExists, badRequest, conflict, invalid, notFound } from "./status.ts";
import { refuseBadContainers } from "./validate-pod.ts";

/** true for `dryRun=All`; everything else but nothing is refused. */
export function isDryRun(values: readonly string[], kind: string): boolean {
  if (values.length === 0) return false;
  if (values.every((value) => value === "All")) return true;
  throw invalid(
    { group: "meta.k8s.io", kind },
    {
      reason: "FieldValueNotSupported",
      message: `Unsupported value: []string{${values.map((value) => JSON.stringify(value)).join(", ")}}: supported values: "All"`,
      field: "dryRun",
    },
  );
}

export function withKind(call: ResourceCall, object: ApiObject): Record<string, unknown> {
  return { kind: call.resource.kind, apiVersion: groupVersion(call.resource), ...object };
}

export function keyOfCall({ namespace, name }: ResourceCall): string {
  return namespace === undefined ? (name ?? "") : `${namespace}/${name}`;
}

export function existing(cluster: Cluster, call: ResourceCall): ApiObject {
  const object = cluster.store.get(storageName(call.resource), keyOfCall(call));
  if (!object) throw notFound(call.resource, call.name ?? "");
  return object;
}

export async function create(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const { resource, namespace } = call;
  const dry = isDryRun(call.query.getAll("dryRun"), "CreateOptions");
  requireJson(call.request);
  const body = parseObject(await readBody(call.request), resource.kind);
  if (body.kind !== undefined && body.kind !== resource.kind) {
    throw badRequest(
      `${String(body.kind)} in version "${String(body.apiVersion)}" cannot be handled as a ${resource.kind}: converting (v1.${String(body.kind)}) to (core.${resource.kind}): unknown conversion`,
    );
  }
  if (namespace !== undefined && !cluster.store.get("namespaces", namespace)) {
    throw notFound({ group: "", name: "namespaces" }, namespace);
  }
  const { kind: _, apiVersion: __, metadata, ...rest } = body;
  const given = asMetadata(metadata);
  const name = given.name ?? `${given.generateName ?? ""}${randomUUID().slice(0, 5)}`;
  refuseBadName(resource.kind, name);
  refuseBadContainers(resource.kind, name, rest);
  const object: ApiObject = {
    metadata: {
      ...given,
      name,
      ...(namespace !== undefined && { namespace }),
      uid: randomUUID(),
      creationTimestamp: time(Date.now()),
    },
    ...rest,
    ...(resource.name === "pods" && { status: { phase: "Pending", qosClass: "BestEffort" } }),
  };
  const stored = storageName(resource);
  if (cluster.store.get(stored, keyOf(object))) throw alreadyExists(resource, name);
  const answer = dry ? object : cluster.store.put(stored, object);
  return { status: 201, object: withKind(call, answer) };
}

function asMetadata(value: unknown): Partial<ApiObject["metadata"]> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function refuseBadName(kind: string, name: string): void {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)) return;
  const message = `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
  throw invalid({ kind, name }, { reason: "FieldValueInvalid", message, field: "metadata.name" });
}

export async function patch(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const dry = isDryRun(call.query.getAll("dryRun"), "PatchOptions");
  const body = await readBody(call.request);
  const before = existing(cluster, call);
  return replaceWith(cluster, call, applyPatch(mediaTypeOf(call.request), withKind(call, before), body), dry);
}

export async function update(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const dry = isDryRun(call.query.getAll("dryRun"), "UpdateOptions");
  requireJson(call.request);
  return replaceWith(cluster, call, parseObject(await readBody(call.request), call.resource.kind), dry);
}

/** Stores what a write made of an object. Name, uid and what only the server sets stay as they are. */
function replaceWith(
  cluster: Cluster,
  call: ResourceCall,
  body: Record<string, unknown>,
  dry: boolean,
): Answer {
  const before = existing(cluster, call);
  const { kind: _, apiVersion: __, metadata, ...rest } = body;
  const given = asMetadata(metadata);
  const { resourceVersion } = before.metadata;
  if (given.resourceVersion !== undefined && given.resourceVersion !== resourceVersion) {
    const why = "the object has been modified; please apply your changes to the latest version and try again";
    throw conflict(call.resource, call.name ?? "", why);
  }
  const { name, namespace, uid, creationTimestamp, generation } = before.metadata;
  const specChanged = JSON.stringify(rest.spec) !== JSON.stringify(before.spec);
  if (call.resource.name === "pods" && specChanged) throw immutablePod(name);
  refuseBadContainers(call.resource.kind, name, rest);
  const after: ApiObject = {
    ...rest,
    metadata: {
      ...given,
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      resourceVersion,
      ...(generation !== undefined && { generation: specChanged ? generation + 1 : generation }),
      creationTimestamp,
    },
  };
  const ordered = { ...before, ...after };
  if (dry) return { status: 200, object: withKind(call, ordered) };
  const stored = cluster.store.put(storageName(call.resource), ordered);
  cluster.controllers.reconcile(call.resource.kind, before, stored);
  return { status: 200, object: withKind(call, stored) };
}

function immutablePod(name: string) {
  const message =
    "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return invalid({ kind: "Pod", name }, { reason: "FieldValueForbidden", message, field: "spec" });
}
