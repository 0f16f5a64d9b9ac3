import { type Resource, storageName } from "../cluster/resources.ts";
import type { Store } from "../cluster/store.ts";
import type { ApiObject } from "../objects/types.ts";
import { encodeToken } from "./continue-token.ts";
import type { ListOptions } from "./list-options.ts";
import { fieldSelector, labelSelector, type Matches } from "./selectors.ts";
import { ApiError } from "./status.ts";

export type ListMetadata = { resourceVersion: string; continue?: string; remainingItemCount?: number };

/** A page: its items one after another, and then what stands in the list's metadata. */
export type Page = {
  revision: number;
  /** nothing will be left after it */
  complete: boolean;
  items: Generator<ApiObject>;
  metadata: () => ListMetadata;
};

/** Reads one page of a kind. Nothing but the item at hand is kept in memory. */
export function listPage(
  store: Store,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
): Page {
  const matches = matcher(resource, options);
  const { revision, position } = revisionOf(store, options);
  const collection = store.of(storageName(resource));
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  // a limit together with version 0 is ignored
  const asked = options.resourceVersion === "0" && options.from === null ? 0 : options.limit;
  const limit = asked >= collection.count(prefix, prefix + position, revision) ? 0 : asked;
  const selecting = options.labelSelector !== "" || options.fieldSelector !== "";
  let next: string | undefined;

  function* items(): Generator<ApiObject> {
    let given = 0;
    let last = "";
    for (const [key, object] of collection.walk(prefix, prefix + position, revision)) {
      if (!matches(object)) continue;
      if (limit > 0 && given === limit) {
        next = `${last}\0`;
        return;
      }
      given += 1;
      last = key;
      yield object;
    }
  }

  function metadata(): ListMetadata {
    const resourceVersion = String(revision);
    if (next === undefined) return { resourceVersion };
    return {
      resourceVersion,
      continue: encodeToken({ revision, start: next.slice(prefix.length) }),
      ...(!selecting && { remainingItemCount: collection.count(prefix, next, revision) }),
    };
  }

  return { revision, complete: limit === 0, items: items(), metadata };
}

export function matcher(
  resource: Resource,
  options: Pick<ListOptions, "labelSelector" | "fieldSelector">,
): Matches {
  const byLabel = options.labelSelector === "" ? undefined : labelSelector(options.labelSelector);
  const byField = options.fieldSelector === "" ? undefined : fieldSelector(options.fieldSelector, resource);
  return (object) => (byLabel?.(object) ?? true) && (byField?.(object) ?? true);
}

function revisionOf(store: Store, options: ListOptions): { revision: number; position: string } {
  const { from, limit, match, resourceVersion } = options;
  if (from) {
    if (from.revision !== -1 && from.revision < store.compacted) throw expiredToken(from.start);
    return { revision: from.revision === -1 ? store.revision : from.revision, position: from.start };
  }
  const wanted = Number(resourceVersion);
  if (wanted > store.revision) throw tooLarge(resourceVersion, store.revision);
  // with a limit and no match, a version means exactly this one
  const exact = match === "Exact" || (match === "" && limit > 0 && wanted > 0);
  if (exact && wanted < store.compacted) {
    throw new ApiError(410, "Expired", "The resourceVersion for the provided list is too old.");
  }
  return { revision: exact ? wanted : store.revision, position: "" };
}

function expiredToken(start: string): ApiError {
  const message =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";
  return new ApiError(410, "Expired", message, { continueToken: encodeToken({ revision: -1, start }) });
}

function tooLarge(wanted: string, current: number): ApiError {
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`;
  return new ApiError(504, "Timeout", message, {
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
    headers: { "Retry-After": "1" },
  });
}
