import type { Reason } from "#common/result.ts";
import type { KubernetesKind } from "../../checks/needs/need.ts";
import type { ListOutcome, ReadContext } from "../connector.ts";
import type { Api } from "./api.ts";
import { isObject } from "./status.ts";
import { type OnPage, walk } from "./walk.ts";

type Names = { names: string[]; missing: Reason[] };
type List = (onPage: OnPage, context: ReadContext) => Promise<ListOutcome>;
export type ObjectNames = ReturnType<typeof createObjectNames>;

/**
 * The names of a kind that others are read by (each node's kubelet, each namespace), listed once within a run: by
 * whoever lists that kind for its own sake, where somebody does, else here.
 */
export function createObjectNames(
  api: Api,
  kind: KubernetesKind,
  options: { pageSize: number; pages: number },
) {
  let known: { names: Promise<Names>; whole: boolean; signal: AbortSignal } | undefined;
  /** A list that fails, or is broken off with the read it belonged to, is of no use to another one. */
  const keep = (names: Promise<Names>, { signal }: ReadContext) => {
    const mine = { names, whole: false, signal };
    known = mine;
    names.then(
      () => {
        mine.whole = true;
      },
      () => {
        if (known === mine) known = undefined;
      },
    );
  };
  const listHere: List = (onPage, context) => {
    const budget = { pages: context.limits?.pages ?? options.pages };
    return walk({ api, request: { kind }, onPage, context }, { pageSize: options.pageSize, budget });
  };
  return {
    async get({ signal, meter, limits }: ReadContext): Promise<Names> {
      const others =
        known && (known.whole || !known.signal.aborted)
          ? await known.names.catch(() => undefined)
          : undefined;
      if (others) return others;
      const context = { signal, meter, limits };
      const { result, names } = alongside(listHere, () => {}, context);
      keep(names, context);
      await result;
      return names;
    },
    /** Lists the kind for somebody else, and keeps the names. */
    alongside(list: List, onPage: OnPage, context: ReadContext): Promise<ListOutcome> {
      const { result, names } = alongside(list, onPage, context);
      keep(names, context);
      return result;
    },
  };
}

function alongside(list: List, onPage: OnPage, context: ReadContext) {
  const names: string[] = [];
  const withNames: OnPage = (items, remaining) => {
    for (const item of items) {
      const name = isObject(item) && isObject(item.metadata) ? item.metadata.name : undefined;
      if (typeof name === "string") names.push(name);
    }
    onPage(items, remaining);
  };
  const restarted = () => {
    names.splice(0);
    context.restarted?.();
  };
  const result = list(withNames, { ...context, restarted });
  return { result, names: result.then(({ missing }) => ({ names, missing })) };
}
