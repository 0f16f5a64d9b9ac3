import { createHash } from "node:crypto";
import {
  groupOrder,
  groupVersion,
  groupVersions,
  type Resource,
  resources,
  versionsOf,
} from "../cluster/resources.ts";
import { hexFrom } from "../prng.ts";
import type { Answer, Call } from "./context.ts";
import { discoveryVersion } from "./negotiate.ts";
import type { SilentApi } from "./silent-apis.ts";
import { PageNotFound } from "./status.ts";

const versionEntries = (group: string) =>
  groupVersions(group).map((version) => ({ groupVersion: `${group}/${version}`, version }));

const servedIn = (group: string, version: string) =>
  resources.filter((resource) => resource.group === group && versionsOf(resource).includes(version));

/** What an API server says for one behind it that does not answer. */
const unavailable: Answer = {
  status: 503,
  headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
  text: "service unavailable\n",
};

/** /api, /apis, /api/v1, /apis/{group}, /apis/{group}/{version}; undefined: the path is none of these. */
export function discover(
  { path, request }: Call,
  address: string,
  silent: readonly SilentApi[] = [],
): Answer | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [root, group, version, ...rest] = parts;
  if ((root !== "api" && root !== "apis") || rest.length > 0) return undefined;
  const wanted = discoveryVersion(request.headers.accept ?? "");
  if (parts.length === 1 && wanted) return aggregated(root, request.headers["if-none-match"], silent);
  if (root === "api") {
    if (group === undefined) return { status: 200, object: coreVersions(address) };
    return group === "v1" && version === undefined ? resourceList("", "v1") : undefined;
  }
  if (group === undefined) return { status: 200, object: groupList(silent) };
  if (silent.some((api) => api.group === group)) return unavailable;
  if (!groupOrder.includes(group)) throw new PageNotFound();
  if (version === undefined) return { status: 200, object: groupObject(group) };
  if (groupVersions(group).includes(version)) return resourceList(group, version);
  return undefined;
}

function coreVersions(address: string): Record<string, unknown> {
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: address }];
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs };
}

function groupList(silent: readonly SilentApi[]): Record<string, unknown> {
  const more = silent.map(({ group, version }) => {
    const entry = { groupVersion: `${group}/${version}`, version };
    return { name: group, versions: [entry], preferredVersion: entry };
  });
  return { kind: "APIGroupList", apiVersion: "v1", groups: [...groupOrder.map(groupEntry), ...more] };
}

function groupEntry(name: string): Record<string, unknown> {
  const versions = versionEntries(name);
  return { name, versions, preferredVersion: versions[0] };
}

function groupObject(name: string): Record<string, unknown> {
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(name) };
}

function resourceList(group: string, version: string): Answer {
  const list = servedIn(group, version).flatMap(resourceEntries);
  return {
    status: 200,
    object: {
      kind: "APIResourceList",
      ...(group !== "" && { apiVersion: "v1" }),
      groupVersion: groupVersion({ group, version }),
      resources: list.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    },
  };
}

function resourceEntries(resource: Resource) {
  const { name, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
  const storageVersionHash = Buffer.from(hexFrom(`${resource.group}/${name}`, 16), "hex").toString("base64");
  const own = {
    name,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(verbs.includes("list") && { storageVersionHash }),
  };
  const below = (subresources ?? []).map(({ name: sub, group, version, kind: subKind, verbs: subVerbs }) => ({
    name: `${name}/${sub}`,
    singularName: "",
    namespaced,
    ...(group && { group, version }),
    kind: subKind,
    verbs: subVerbs,
  }));
  return [own, ...below];
}

function aggregated(
  root: "api" | "apis",
  knownTag: string | undefined,
  silent: readonly SilentApi[],
): Answer {
  const groups = root === "api" ? [""] : groupOrder;
  const items = groups.map((group) => ({
    metadata: { ...(group !== "" && { name: group }), creationTimestamp: null },
    versions: groupVersions(group).map((version) => ({
      version,
      resources: servedIn(group, version).map((resource) => aggregatedEntry({ ...resource, version })),
      freshness: "Current",
    })),
  }));
  const stale = (root === "api" ? [] : silent).map(({ group, version }) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: [{ version, freshness: "Stale" }],
  }));
  const object = {
    ...{ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {} },
    items: [...items, ...stale],
  };
  const tag = `"${createHash("sha512").update(JSON.stringify(object)).digest("hex").toUpperCase()}"`;
  const headers = {
    "Cache-Control": "public",
    "Content-Type": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    Etag: tag,
    Vary: "Accept",
  };
  return knownTag === tag ? { status: 304, headers, text: "" } : { status: 200, headers, object };
}

function aggregatedEntry(resource: Resource) {
  const { group, version, name, singular, kind, namespaced, verbs, shortNames, categories, subresources } =
    resource;
  // built-in kinds leave out what the group around them says already
  const own = resource.custom ? { group, version } : { group: "", version: "" };
  return {
    resource: name,
    responseKind: { ...own, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(subresources && {
      subresources: subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group ?? own.group, version: sub.version ?? own.version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}
