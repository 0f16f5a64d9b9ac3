import { storageName } from "../cluster/resources.ts";
import type { Store } from "../cluster/store.ts";
import type { ApiObject } from "../objects/types.ts";
import type { Answer, Cluster, ResourceCall } from "./context.ts";
import { matcher } from "./list.ts";
import { readListOptions } from "./list-options.ts";
import { shown } from "./shown.ts";
import { ApiError } from "./status.ts";
import { withKind } from "./writes.ts";

type EventType = "ADDED" | "MODIFIED" | "DELETED";
const longestSeconds = 1_800;
/** A real server sends it about this long before the end. */
const bookmarkBeforeMs = 1_000;

/** What changes of a kind from a version on, one event a line, until the time asked for is over. */
export function watch(cluster: Cluster, call: ResourceCall): Answer {
  const { store } = cluster;
  const options = readListOptions(call.query);
  const matches = matcher(call.resource, options);
  const name = storageName(call.resource);
  const prefix = call.namespace === undefined ? "" : `${call.namespace}/`;
  const as = (object: ApiObject) => withKind(call, shown(cluster, call.resource, object));
  const only = call.name === undefined ? undefined : prefix + call.name;
  const seconds = Math.min(longestSeconds, Number(call.query.get("timeoutSeconds") || longestSeconds));
  const from = Number(options.resourceVersion || 0);
  const isOurs = (key: string) => (only === undefined ? key.startsWith(prefix) : key === only);

  const eventOf = (key: string, revision: number): string | undefined => {
    const now = store.of(name).at(key, revision);
    const before = store.of(name).at(key, revision - 1);
    const [is, was] = [now && matches(now), before && matches(before)];
    if (now && is) return line(was ? "MODIFIED" : "ADDED", as(now));
    if (!before || !was) return undefined;
    const metadata = { ...(now ?? before).metadata, resourceVersion: String(revision) };
    return line("DELETED", as({ ...(now ?? before), metadata }));
  };

  return {
    status: 200,
    stream: (write, signal) =>
      new Promise((resolve) => {
        if (from > 0 && from < store.compacted) {
          write(tooOld(from, store.compacted));
          resolve();
          return;
        }
        for (const text of beginning(store, { name, prefix, from }, isOurs, eventOf, (object) =>
          matches(object) ? line("ADDED", as(object)) : undefined,
        )) {
          write(text);
        }
        const stop = store.onChange((changed, key, revision) => {
          const text =
            changed === name && revision > from && isOurs(key) ? eventOf(key, revision) : undefined;
          if (text !== undefined) write(text);
        });
        const wantsBookmarks = call.query.get("allowWatchBookmarks") === "true";
        const bookmark = setTimeout(
          () => wantsBookmarks && write(bookmarkOf(call, Math.max(from, store.revision))),
          Math.max(0, seconds * 1000 - bookmarkBeforeMs),
        );
        const end = () => {
          clearTimeout(bookmark);
          clearTimeout(timer);
          stop();
          resolve();
        };
        const timer = setTimeout(end, seconds * 1000);
        signal.addEventListener("abort", end, { once: true });
      }),
  };
}

/** From no version or 0 on: everything there is, as if it had just been added; from another: what changed since. */
function* beginning(
  store: Store,
  at: { name: string; prefix: string; from: number },
  isOurs: (key: string) => boolean,
  eventOf: (key: string, revision: number) => string | undefined,
  added: (object: ApiObject) => string | undefined,
): Generator<string> {
  if (at.from > 0) {
    for (const [key, revision] of store.of(at.name).changesSince(at.from)) {
      const text = isOurs(key) ? eventOf(key, revision) : undefined;
      if (text !== undefined) yield text;
    }
    return;
  }
  for (const [key, object] of store.of(at.name).walk(at.prefix, at.prefix, store.revision)) {
    const text = isOurs(key) ? added(object) : undefined;
    if (text !== undefined) yield text;
  }
}

function line(type: EventType | "BOOKMARK" | "ERROR", object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function bookmarkOf({ resource }: ResourceCall, revision: number): string {
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  const metadata = { resourceVersion: String(revision), creationTimestamp: null };
  return line("BOOKMARK", { kind: resource.kind, apiVersion, metadata });
}

function tooOld(from: number, compacted: number): string {
  const error = new ApiError(410, "Expired", `too old resource version: ${from} (${compacted})`);
  return line("ERROR", error.toStatus());
}
