import type {
  DiscoveredVersion,
  KindCount,
  KubernetesCountsRequest,
} from "../../checks/needs/kubernetes-requests.ts";
import { type ReadContext, ReadError, type Reading } from "../connector.ts";
import type { Api } from "./api.ts";
import { readDiscovery } from "./discovery.ts";
import { resourcePath } from "./paths.ts";
import { readRaw } from "./raw.ts";
import { isObject, readObject } from "./status.ts";

/** Names alone are enough to count, and Secrets stay closed. */
const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const parallelKinds = 4;

type Listable = Pick<KindCount, "group" | "version" | "resource"> & { namespaced: boolean; kind: string };

/** How many objects there are of each kind, at the price of one small answer a kind at most. */
export async function readCounts(
  api: Api,
  { maxKinds }: Pick<KubernetesCountsRequest, "maxKinds">,
  context: ReadContext,
): Promise<Reading<KindCount[]>> {
  const { value: versions } = await readDiscovery(api, context);
  const listable = listableOf(versions);
  const known = await storedObjects(api, context);
  const counts: KindCount[] = [];
  const queue: Listable[] = [];
  for (const each of listable) {
    const count = known.get(qualified(each));
    if (count !== undefined) counts.push({ ...placeOf(each), count, why: null, by: "metrics" });
    else queue.push(each);
  }
  for (const each of queue.splice(maxKinds))
    counts.push({ ...placeOf(each), count: null, why: "not-asked", by: "list" });
  const workers = Array.from({ length: parallelKinds }, async () => {
    for (let each = queue.shift(); each; each = queue.shift())
      counts.push(await countByList(api, each, context));
  });
  await Promise.all(workers);
  counts.sort((a, b) => (qualified(a) < qualified(b) ? -1 : 1));
  return { value: counts, read: counts.filter(({ count }) => count !== null).length };
}

/** Each kind once, in the version clients prefer; a kind that the preferred version lacks, in the first that has it. */
function listableOf(versions: DiscoveredVersion[]): Listable[] {
  const found = new Map<string, Listable>();
  for (const { group, version, answered, resources } of versions.toSorted(preferredFirst)) {
    for (const { name, namespaced, kind, verbs } of answered ? resources : []) {
      const each = { group, version, resource: name, namespaced, kind };
      if (verbs.includes("list") && !found.has(qualified(each))) found.set(qualified(each), each);
    }
  }
  return [...found.values()];
}

function preferredFirst(a: DiscoveredVersion, b: DiscoveredVersion): number {
  return Number(b.preferred) - Number(a.preferred);
}

/** The server counts what it stores once a minute; -1 is what it could not count. Most credentials may not ask. */
async function storedObjects(api: Api, context: ReadContext): Promise<Map<string, number>> {
  const keepLines = ["apiserver_storage_objects{", "apiserver_resource_objects{"];
  const counts = new Map<string, number>();
  try {
    const { value } = await readRaw(api, { path: "/metrics", keepLines }, context);
    for (const line of value.text.split("\n")) {
      const [, labels = "", number = ""] = /^\w+\{(.*)\} ([\d.e+-]+)/.exec(line) ?? [];
      const resource = /(?:^|,)resource="([^"]+)"/.exec(labels)?.[1];
      const group = /(?:^|,)group="([^"]*)"/.exec(labels)?.[1];
      const count = Number(number);
      if (resource && number !== "" && count >= 0)
        counts.set(group ? `${resource}.${group}` : resource, Math.round(count));
    }
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
  }
  return counts;
}

async function countByList(api: Api, each: Listable, context: ReadContext): Promise<KindCount> {
  const base = { ...placeOf(each), by: "list" } as const;
  const what = `count ${qualified(each)}`;
  const path = `${resourcePath(each)}?limit=1`;
  const response = await silentAsNull(api.send({ method: "GET", path, what, accept, once: true }, context));
  if (response === null) return { ...base, count: null, why: "not-answered" };
  if (response.status === 403) return { ...base, count: null, why: "forbidden" };
  if (response.status !== 200) return { ...base, count: null, why: "not-answered" };
  const { items, metadata } = readObject(response, what);
  const shown = Array.isArray(items) ? items.length : 0;
  const { continue: more, remainingItemCount: rest } = isObject(metadata) ? metadata : {};
  if (!more) return { ...base, count: shown, why: null };
  // Some servers behind an aggregated API page without saying how much is left.
  return typeof rest === "number"
    ? { ...base, count: shown + rest, why: null }
    : { ...base, count: null, why: "not-counted" };
}

/** One API behind the server that hangs is that one's trouble; a server that is gone is everybody's. */
async function silentAsNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ReadError) || error.reason.code !== "timed-out") throw error;
    if (error.reason.what.startsWith("connect to ")) throw error;
    return null;
  }
}

function placeOf({ group, version, resource }: Listable): Pick<KindCount, "group" | "version" | "resource"> {
  return { group, version, resource };
}

function qualified({ group, resource }: { group: string; resource: string }): string {
  return group === "" ? resource : `${resource}.${group}`;
}
