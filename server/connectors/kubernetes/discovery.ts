import type { DiscoveredResource, DiscoveredVersion } from "../../checks/needs/kubernetes-requests.ts";
import type { ReadContext, Reading } from "../connector.ts";
import type { Api } from "./api.ts";
import { encodeSegment } from "./paths.ts";
import { isObject, readObject, statusError } from "./status.ts";
import type { ApiResponse } from "./transport.ts";

/** Newest form first; an older server answers in the plain one, whatever it is asked for. */
const accept = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
  "application/json",
].join(",");

/** Every version of every group, with what it serves. A group whose server is silent does not keep the others. */
export async function readDiscovery(api: Api, context: ReadContext): Promise<Reading<DiscoveredVersion[]>> {
  const versions: DiscoveredVersion[] = [];
  for (const root of ["/api", "/apis"]) {
    const what = `GET ${root}`;
    const response = await api.send({ method: "GET", path: root, what, accept }, context);
    if (response.status !== 200) throw statusError(response, what);
    const body = readObject(response, what);
    if (body.kind === "APIGroupDiscoveryList") versions.push(...objects(body.items).flatMap(ofAggregated));
    else for (const each of plainVersions(body)) versions.push(await askVersion(api, each, context));
  }
  const groups = new Set(versions.map(({ group }) => group)).size;
  return { value: versions, read: groups };
}

function ofAggregated(item: Record<string, unknown>): DiscoveredVersion[] {
  const group = isObject(item.metadata) ? text(item.metadata.name) : "";
  return objects(item.versions).map((each, index) => {
    const isStale = each.freshness === "Stale";
    return {
      group,
      version: text(each.version),
      preferred: index === 0,
      answered: !isStale,
      detail: isStale ? "the API server marks it as stale: the server behind it does not answer" : "",
      resources: objects(each.resources).map(ofAggregatedResource),
    };
  });
}

function ofAggregatedResource(each: Record<string, unknown>): DiscoveredResource {
  return {
    name: text(each.resource),
    kind: isObject(each.responseKind) ? text(each.responseKind.kind) : "",
    namespaced: each.scope === "Namespaced",
    verbs: texts(each.verbs),
    shortNames: texts(each.shortNames),
    categories: texts(each.categories),
    subresources: objects(each.subresources).map(({ subresource }) => text(subresource)),
  };
}

type Place = Pick<DiscoveredVersion, "group" | "version" | "preferred">;

function plainVersions(body: Record<string, unknown>): Place[] {
  if (body.kind === "APIVersions")
    return texts(body.versions).map((version, index) => ({ group: "", version, preferred: index === 0 }));
  return objects(body.groups).flatMap((group) => {
    const preferred = isObject(group.preferredVersion) ? text(group.preferredVersion.version) : "";
    return objects(group.versions).map((each) => {
      const version = text(each.version);
      return { group: text(group.name), version, preferred: version === preferred };
    });
  });
}

async function askVersion(api: Api, place: Place, context: ReadContext): Promise<DiscoveredVersion> {
  const { group, version } = place;
  const path = group === "" ? `/api/${version}` : `/apis/${encodeSegment(group)}/${encodeSegment(version)}`;
  const response = await api.send({ method: "GET", path, what: `GET ${path}`, once: true }, context);
  if (response.status !== 200) return { ...place, answered: false, detail: said(response), resources: [] };
  const entries = objects(readObject(response, `GET ${path}`).resources);
  const below = new Map<string, string[]>();
  for (const { name } of entries) {
    const [resource = "", ...rest] = text(name).split("/");
    if (rest.length > 0) below.set(resource, [...(below.get(resource) ?? []), rest.join("/")]);
  }
  const resources = entries
    .filter(({ name }) => !text(name).includes("/"))
    .map((each) => ({
      name: text(each.name),
      kind: text(each.kind),
      namespaced: each.namespaced === true,
      verbs: texts(each.verbs),
      shortNames: texts(each.shortNames),
      categories: texts(each.categories),
      subresources: below.get(text(each.name)) ?? [],
    }));
  return { ...place, answered: true, detail: "", resources };
}

function said(response: ApiResponse): string {
  return `HTTP ${response.status} ${response.redact(response.text.slice(0, 300))}`
    .replace(/\s+/g, " ")
    .trim();
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
