import { groupOrder, type Resource, resources, versionsOf } from "../cluster/resources.ts";
import type { Attributes } from "./access.ts";
import type { Call, Cluster, ResourceCall } from "./context.ts";
import { methodNotAllowed, notServed, PageNotFound } from "./status.ts";

export type ParsedPath = {
  group: string;
  version: string;
  resource: string;
  namespace?: string;
  name?: string;
  subresource?: string;
};

/** /api/v1/namespaces/{ns}/pods/{name}/eviction and its shorter forms; undefined: not about a resource. */
export function parsePath(path: string): ParsedPath | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const rest = parts[0] === "api" ? parts.slice(2) : parts.slice(3);
  const [group, version] = parts[0] === "api" ? ["", parts[1]] : [parts[1], parts[2]];
  if ((parts[0] !== "api" && parts[0] !== "apis") || group === undefined || !version || !rest[0])
    return undefined;
  const inNamespace =
    rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2] ?? "");
  const namespace = inNamespace ? rest[1] : undefined;
  const [resource = "", name, subresource] = inNamespace ? rest.slice(2) : rest;
  return {
    group,
    version,
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name && { name }),
    ...(subresource && { subresource }),
  };
}

const verbs: Record<string, [collection: string, one: string]> = {
  GET: ["list", "get"],
  HEAD: ["list", "get"],
  POST: ["create", "create"],
  PUT: ["update", "update"],
  PATCH: ["patch", "patch"],
  DELETE: ["deletecollection", "delete"],
};

export function verbOf(call: Call, parsed: ParsedPath): string {
  const watch = call.query.get("watch");
  if (call.request.method === "GET" && (watch === "1" || watch === "true")) return "watch";
  const [collection, one] = verbs[call.request.method ?? ""] ?? ["", ""];
  return parsed.name === undefined ? collection : one;
}

/** Rights are asked before anything else: who may not see a kind does not learn whether it exists. */
export function toResourceCall(cluster: Cluster, call: Call, parsed: ParsedPath): ResourceCall {
  const wanted: Attributes = { verb: verbOf(call, parsed), ...parsed };
  cluster.access.check(call.user, wanted);
  const resource = findResource(parsed);
  const { namespace, name, subresource } = parsed;
  if (!resource.namespaced && namespace !== undefined) throw notServed();
  if (subresource !== undefined && !resource.subresources?.some((sub) => sub.name === subresource))
    throw notServed();
  const single = name !== undefined && resource.namespaced && namespace === undefined;
  if (single) throw notServed();
  if (!allows(resource, wanted)) throw methodNotAllowed();
  return { ...call, resource, namespace, name, subresource };
}

function findResource({ group, version, resource }: ParsedPath): Resource {
  if (group !== "" && !groupOrder.includes(group)) throw new PageNotFound();
  const ofGroup = resources.filter((one) => one.group === group);
  const found = ofGroup.find((one) => one.name === resource && versionsOf(one).includes(version));
  if (found) return found.version === version ? found : { ...found, version };
  // groups of custom resources have no handler for a version that they do not serve
  if (ofGroup.some(({ custom }) => custom) && !ofGroup.some((one) => versionsOf(one).includes(version))) {
    throw new PageNotFound();
  }
  throw notServed();
}

function allows(resource: Resource, { verb, namespace, name, subresource }: Attributes): boolean {
  if (subresource !== undefined) {
    const sub = resource.subresources?.find((one) => one.name === subresource);
    return sub?.verbs.includes(verb) ?? false;
  }
  if (!resource.verbs.includes(verb)) return false;
  const needsName = ["patch", "update", "delete"].includes(verb);
  if (needsName) return name !== undefined;
  return verb !== "create" || (name === undefined && (!resource.namespaced || namespace !== undefined));
}
