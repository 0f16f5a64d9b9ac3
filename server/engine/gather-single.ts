import { endpointProtocols } from "../checks/needs/endpoint-requests.ts";
import type { SampledRequest, SingleRequest } from "../checks/needs/need.ts";
import type { EndpointConnector, EndpointTarget, Reading } from "../connectors/connector.ts";
import {
  type Answer,
  type GatherContext,
  malformed,
  monotonicMs,
  pairOf,
  waitUntil,
  whole,
} from "./answer.ts";
import { type Consumer, protocolOf, type SingleRead } from "./reads.ts";

type Asked = { at: number; reading: Reading<unknown> };

/** Asks once, or twice a window apart, and hands each consumer what its own `parse` makes of the answer. */
export async function gatherSingle(read: SingleRead, context: GatherContext): Promise<void> {
  const first = await ask(read, context);
  if (read.windowMs === undefined) {
    for (const consumer of read.consumers) {
      context.sink.answer(consumer, whole(consumer, parsed(consumer, first.reading)));
    }
    return;
  }
  for (const consumer of read.consumers) context.sink.progress(consumer, 1, 2);
  await waitUntil(first.at + read.windowMs, context);
  const second = await ask(read, context);
  for (const consumer of read.consumers) {
    const readings = [parsed(consumer, first.reading), parsed(consumer, second.reading)] as const;
    context.sink.answer(consumer, whole(consumer, pairOf(readings, [first.at, second.at])));
  }
}

async function ask({ target, request }: SingleRead, context: GatherContext): Promise<Asked> {
  const reading =
    target.kind === "kubernetes"
      ? await target.connector.read(request as Parameters<typeof target.connector.read>[0], context)
      : await endpointOf(target, request).read(request as never, context);
  return { at: monotonicMs(), reading };
}

function endpointOf({ connectors }: EndpointTarget, request: SingleRequest): EndpointConnector<never> {
  const protocol = endpointProtocols.find((name) => name === protocolOf(request));
  const connector = protocol && protocol !== "tls" ? connectors[protocol] : undefined;
  if (!connector) throw new Error(`no connector answers ${request.type}`);
  return connector as EndpointConnector<never>;
}

function parsed(
  { need, what }: Consumer<SingleRequest | SampledRequest>,
  { value, read = 1, missing = [] }: Reading<unknown>,
): Answer {
  const asked = need.type === "sampled" ? need.need : need;
  const parse = "parse" in asked ? (asked.parse as ((value: unknown) => unknown) | undefined) : undefined;
  try {
    return { value: parse ? parse(value) : value, read, missing };
  } catch (error) {
    return { unread: malformed(what, error), read };
  }
}
