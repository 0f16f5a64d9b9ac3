import { storageName } from "../cluster/resources.ts";
import type { ApiObject } from "../objects/types.ts";
import { mediaTypeOf, parseObject, readBody } from "./body.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { applyPatch } from "./patch.ts";
import { existing, isDryRun } from "./writes.ts";

type Sized = {
  spec?: { replicas?: number; selector?: { matchLabels?: Record<string, string> } };
  status?: { replicas?: number };
};

/** GET, PUT and PATCH of the scale subresource, which is what `kubectl scale` uses. */
export async function scale(cluster: Cluster, call: ResourceCall): Promise<Answer> {
  const before = existing(cluster, call);
  const { method } = call.request;
  if (method === "GET") return { status: 200, object: scaleObject(before) };
  const dry = isDryRun(call.query.getAll("dryRun"), method === "PUT" ? "UpdateOptions" : "PatchOptions");
  const body = await readBody(call.request);
  const asked =
    method === "PUT"
      ? parseObject(body, "Scale")
      : applyPatch(mediaTypeOf(call.request), scaleObject(before), body);
  const replicas = (asked as Sized).spec?.replicas ?? 0;
  const { generation = 1 } = before.metadata;
  const after: ApiObject = {
    ...before,
    metadata: { ...before.metadata, generation: generation + 1 },
    spec: { ...(before as Sized).spec, replicas },
  };
  if (dry) return { status: 200, object: scaleObject({ ...after, metadata: before.metadata }) };
  const stored = cluster.store.put(storageName(call.resource), after);
  cluster.controllers.reconcile(call.resource.kind, before, stored);
  return { status: 200, object: scaleObject(stored) };
}

function scaleObject(object: ApiObject): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status } = object as Sized;
  const labels = Object.entries(spec?.selector?.matchLabels ?? {});
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec?.replicas ?? 1 },
    status: {
      replicas: status?.replicas ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(","),
    },
  };
}
