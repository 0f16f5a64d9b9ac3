import type { Reason } from "#common/result.ts";
import type { KubernetesListRequest } from "../checks/needs/need.ts";
import { type GatherContext, malformed } from "./answer.ts";
import type { Consumer, GetRead, ListRead } from "./reads.ts";

type ListConsumer = Consumer<KubernetesListRequest>;
/** What one pick keeps, for all who pick alike: judges change nothing, so they may share it. */
type Picking = {
  pick: KubernetesListRequest["pick"];
  consumers: ListConsumer[];
  picked: unknown[];
  failed: boolean;
};

/** Pages through a list once; every page goes to all picks and is then dropped. */
export async function gatherList(read: ListRead, context: GatherContext): Promise<void> {
  const { sink } = context;
  const first = read.consumers[0];
  if (!first) return;
  const pickings = [...Map.groupBy(read.consumers, ({ need }) => need.pick)].map(
    ([pick, consumers]): Picking => ({ pick, consumers, picked: [], failed: false }),
  );
  const { kind, alternatives, labelSelector, fieldSelector } = first.need;
  let done = 0;
  let total: number | undefined;
  const onPage = (items: unknown[], remaining: number | undefined) => {
    done += items.length;
    total = remaining === undefined ? total && Math.max(total, done) : done + remaining;
    for (const picking of pickings) {
      if (picking.failed) continue;
      const failure = pickPage(picking, items, kind.resource);
      if (failure) {
        picking.failed = true;
        picking.picked = [];
      }
      for (const consumer of picking.consumers) {
        if (failure) sink.answer(consumer, { unread: failure, read: done });
        else sink.progress(consumer, done, total);
      }
    }
  };
  const restarted = () => {
    done = 0;
    total = undefined;
    for (const picking of pickings) picking.picked = [];
  };
  const request = { kind, alternatives, labelSelector, fieldSelector };
  const { missing } = await read.target.connector.list(request, onPage, { ...context, restarted });
  for (const { consumers, picked, failed } of pickings) {
    if (failed) continue;
    for (const consumer of consumers) sink.answer(consumer, { value: picked, read: done, missing });
  }
}

function pickPage({ pick, picked }: Picking, items: unknown[], resource: string): Reason | undefined {
  for (const item of items) {
    try {
      const value = pick(item);
      if (value !== undefined) picked.push(value);
    } catch (error) {
      return malformed(`${resource} ${objectName(item)}`, error);
    }
  }
  return undefined;
}

export async function gatherGet(read: GetRead, context: GatherContext): Promise<void> {
  const { sink } = context;
  const first = read.consumers[0];
  if (!first) return;
  const { kind, namespace, name } = first.need;
  const object = await read.target.connector.get({ kind, namespace, name }, context);
  for (const consumer of read.consumers) {
    if (object === null) {
      sink.answer(consumer, { value: null, read: 1, missing: [] });
      continue;
    }
    try {
      sink.answer(consumer, { value: consumer.need.pick(object) ?? null, read: 1, missing: [] });
    } catch (error) {
      const what = `${kind.resource} ${objectName(object)}`;
      sink.answer(consumer, { unread: malformed(what, error), read: 1 });
    }
  }
}

/** "namespace/name" of whatever the server sent, which need not be an object at all. */
function objectName(object: unknown): string {
  const metadata = (object as { metadata?: { namespace?: unknown; name?: unknown } } | null)?.metadata;
  const parts = [metadata?.namespace, metadata?.name].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join("/") : "(without a name)";
}
