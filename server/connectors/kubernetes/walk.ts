import { setImmediate as nextTurn } from "node:timers/promises";
import type { Reason } from "#common/result.ts";
import type { ListOutcome, ListRequest, ReadContext, ReadError } from "../connector.ts";
import { readError } from "../read-error.ts";
import type { Api } from "./api.ts";
import { resourceName, resourcePath } from "./paths.ts";
import { isObject, readObject, readStatus, statusError } from "./status.ts";

export type OnPage = (items: unknown[], remaining: number | undefined) => void;
export type PageBudget = { pages: number };
export type WalkOptions = { pageSize: number; budget: PageBudget; namespace?: string };

/**
 * One list from its first page to its last. No resourceVersion, ever: with a limit it would mean another thing.
 * Expired half-way, it begins again once; expired twice, it takes the rest as the server offers it and says so.
 */
export async function walk(
  parts: { api: Api; request: ListRequest; onPage: OnPage; context: ReadContext },
  options: WalkOptions,
): Promise<ListOutcome> {
  const { api, request, onPage, context } = parts;
  const what = listWords(request, options.namespace);
  const path = resourcePath(request.kind, options.namespace);
  const seen = new Set<string>();
  const missing: Reason[] = [];
  let objects = 0;
  let continueToken: string | undefined;
  let restarts = 0;
  let isMixed = false;
  let promised = 0;
  const ask = () => {
    if (options.budget.pages === 0) return undefined;
    options.budget.pages -= 1;
    const query = listQuery(request, options.pageSize, continueToken);
    return api.send({ method: "GET", path: `${path}?${query}`, what }, context);
  };

  let asked = ask();
  for (;;) {
    if (asked === undefined) {
      const detail = `page-limit: the rest after ${objects} objects was not read`;
      return { objects, missing: [...missing, { code: "truncated", what, detail }] };
    }
    const response = await asked;
    if (response.status === 410 && continueToken !== undefined) {
      const rest = readStatus(response)?.continueToken;
      if (restarts === 0) {
        restarts += 1;
        continueToken = undefined;
        promised = 0;
        if (context.restarted) {
          context.restarted();
          objects = 0;
          seen.clear();
        } else isMixed = true;
      } else {
        if (rest === undefined || rest === continueToken) throw statusError(response, what);
        continueToken = rest;
        isMixed = true;
      }
      if (isMixed && missing.length === 0) missing.push(mixed(what));
      asked = ask();
      continue;
    }
    if (response.status !== 200) throw coreIsServed(statusError(response, what), request);
    const page = readPage(readObject(response, what), what);
    const isLast = page.continueToken === undefined;
    const isLoop = !isLast && page.continueToken === continueToken;
    continueToken = page.continueToken;
    // The server makes the next page while this one is gone through; the turn lets the question leave.
    asked = isLast || isLoop ? undefined : ask();
    asked?.catch(() => undefined);
    if (asked) await nextTurn();
    const items = unseen(page.items, seen);
    objects += items.length;
    onPage(items, page.remaining);
    if (isLast) {
      const short = Math.max(promised - page.items.length, page.remaining ?? 0);
      if (short > 0 && !isMixed) missing.push(cutShort(what, short));
      return { objects, missing };
    }
    if (isLoop)
      throw readError("malformed", what, "paging-loop", "the server offers the same page again and again");
    promised = page.remaining ?? 0;
  }
}

/** Every Kubernetes serves the core kinds: who does not is something else, and no reason to skip a check. */
function coreIsServed(error: ReadError, { kind }: ListRequest): ReadError {
  const { code, what } = error.reason;
  if (code !== "not-served" || kind.group !== "") return error;
  return readError(
    "malformed",
    what,
    "not-kubernetes",
    "a Kubernetes API server would serve this kind",
    error,
  );
}

export function listWords(request: ListRequest, namespace?: string): string {
  const selectors = [request.labelSelector, request.fieldSelector].filter(Boolean).join(", ");
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  return `list ${resourceName(request.kind)}${where}${selectors === "" ? "" : ` (${selectors})`}`;
}

function listQuery(request: ListRequest, pageSize: number, continueToken: string | undefined): string {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (request.labelSelector) query.set("labelSelector", request.labelSelector);
  if (request.fieldSelector) query.set("fieldSelector", request.fieldSelector);
  if (continueToken !== undefined) query.set("continue", continueToken);
  return query.toString();
}

function readPage(body: Record<string, unknown>, what: string) {
  const metadata = isObject(body.metadata) ? body.metadata : undefined;
  const items = body.items === null ? [] : body.items;
  if (!metadata || !Array.isArray(items)) {
    throw readError("malformed", what, "not-a-list", "the answer is not a list of objects");
  }
  const { remainingItemCount, continue: token } = metadata;
  return {
    items: items as unknown[],
    remaining: Number.isInteger(remainingItemCount) ? Number(remainingItemCount) : undefined,
    continueToken: typeof token === "string" && token !== "" ? token : undefined,
  };
}

/** Drops what came before: pages of different versions overlap, and one object must not be judged as two. */
function unseen(items: unknown[], seen: Set<string>): unknown[] {
  return items.filter((item) => {
    const uid = isObject(item) && isObject(item.metadata) ? item.metadata.uid : undefined;
    if (typeof uid !== "string") return true;
    if (seen.has(uid)) return false;
    seen.add(uid);
    return true;
  });
}

/** The server said how many objects were to come (exactly, where it says so at all) and then ended the list early. */
function cutShort(what: string, count: number): Reason {
  return { code: "truncated", what, detail: `list-short: ${count} objects that were announced did not come` };
}

function mixed(what: string): Reason {
  const detail =
    "list-expired: the cluster changed while its pages were read; objects may be out of date or missing";
  return { code: "changed-while-reading", what, detail };
}
