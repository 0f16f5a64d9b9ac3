import { ApiError, badRequest } from "./status.ts";

type Json = unknown;
type JsonObject = Record<string, unknown>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function applyPatch(mediaType: string, target: JsonObject, text: string): JsonObject {
  const patch: Json = parse(text);
  if (mediaType === "application/json-patch+json") return jsonPatch(target, patch);
  if (!isObject(patch))
    throw badRequest("json: cannot unmarshal into Go value of type map[string]interface {}");
  if (mediaType === "application/merge-patch+json") return asObject(mergePatch(target, patch));
  if (mediaType === "application/strategic-merge-patch+json") return asObject(strategicMerge(target, patch));
  throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", { details: {} });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("error decoding patch: unexpected end of JSON input");
  }
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** RFC 7386. */
function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Lists that a strategic merge joins by a key of their items instead of replacing them. */
const mergeKeys: Record<string, string> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  ports: "containerPort",
  tolerations: "key",
  conditions: "type",
  ownerReferences: "uid",
};

function strategicMerge(target: Json, patch: Json, field = ""): Json {
  if (Array.isArray(patch)) return mergeLists(target, patch, mergeKeys[field]);
  if (!isObject(patch)) return patch;
  if (patch.$patch === "replace") {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  const result = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    if (value === null || (isObject(value) && value.$patch === "delete")) delete result[key];
    else result[key] = strategicMerge(result[key], value, key);
  }
  return result;
}

function mergeLists(target: Json, patch: Json[], key: string | undefined): Json {
  if (key === undefined || !Array.isArray(target)) return patch;
  const result: Json[] = [...target];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const position = result.findIndex((existing) => isObject(existing) && existing[key] === item[key]);
    if (item.$patch === "delete") {
      if (position >= 0) result.splice(position, 1);
    } else if (position >= 0) result[position] = strategicMerge(result[position], item);
    else result.push(item);
  }
  return result;
}

type Operation = { op: string; path: string; from?: string; value?: Json };

/** RFC 6902. */
function jsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch))
    throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  const root = { root: structuredClone(target) as Json };
  for (const operation of patch as Operation[]) applyOperation(root, operation);
  return asObject(root.root);
}

function refused(): ApiError {
  return new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {
    details: {},
  });
}

function applyOperation(root: { root: Json }, { op, path, from, value }: Operation): void {
  if (op === "move" || op === "copy") {
    const source = locate(root, from ?? "");
    const moved = structuredClone(read(source));
    if (op === "move") remove(source);
    add(locate(root, path), moved);
    return;
  }
  const place = locate(root, path);
  if (op === "add") add(place, value);
  else if (op === "remove") remove(place);
  else if (op === "replace") {
    read(place);
    write(place, value);
  } else if (op === "test") {
    if (JSON.stringify(read(place)) !== JSON.stringify(value)) throw refused();
  } else throw refused();
}

type Place = { parent: JsonObject | Json[]; key: string };

function locate(root: { root: Json }, path: string): Place {
  const keys = ["root", ...path.split("/").slice(1)].map((key) =>
    key.replaceAll("~1", "/").replaceAll("~0", "~"),
  );
  let parent: Json = root;
  for (const key of keys.slice(0, -1)) {
    if (Array.isArray(parent)) parent = parent[Number(key)];
    else if (isObject(parent) && Object.hasOwn(parent, key)) parent = parent[key];
    else throw refused();
  }
  if (!Array.isArray(parent) && !isObject(parent)) throw refused();
  return { parent, key: keys.at(-1) ?? "" };
}

function read({ parent, key }: Place): Json {
  const value = Array.isArray(parent) ? parent[Number(key)] : parent[key];
  if (value === undefined) throw refused();
  return value;
}

function write({ parent, key }: Place, value: Json): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function add(place: Place, value: Json): void {
  const { parent, key } = place;
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === "-") parent.push(value);
  else if (/^\d+$/.test(key) && Number(key) <= parent.length) parent.splice(Number(key), 0, value);
  else throw refused();
}

function remove(place: Place): void {
  read(place);
  if (Array.isArray(place.parent)) place.parent.splice(Number(place.key), 1);
  else delete place.parent[place.key];
}
