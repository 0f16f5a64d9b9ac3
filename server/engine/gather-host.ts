import type { Reason } from "#common/result.ts";
import type { HostRequest } from "../checks/needs/need.ts";
import type { HostFactAnswer } from "../connectors/connector.ts";
import {
  type Answer,
  type GatherContext,
  malformed,
  monotonicMs,
  pairOf,
  waitUntil,
  whole,
} from "./answer.ts";
import { hostFactId } from "./host-facts.ts";
import type { Consumer, HostActiveRead, HostRead, HostSampledRequest } from "./reads.ts";

type Answers = Map<string, HostFactAnswer>;

/**
 * Reads all facts of a host in one go. Sampled ones are read again, `windowMs` after the first reading; needs with
 * the same window share that second reading, which holds nothing else.
 */
export async function gatherHost(read: HostRead, context: GatherContext): Promise<void> {
  const { connector } = read.target;
  const sampled: Consumer<HostSampledRequest>[] = [];
  const plain: Consumer<HostRequest>[] = [];
  for (const consumer of read.consumers) {
    const { need } = consumer;
    if (need.type === "sampled") sampled.push({ ...consumer, need });
    else plain.push({ ...consumer, need });
  }
  const byWindow = Map.groupBy(sampled, (consumer) => consumer.need.windowMs);
  const windows = [...byWindow].sort(([a], [b]) => a - b);
  const first = await connector.read([...read.facts.values()], { ...context, more: windows.length > 0 });
  const firstAt = monotonicMs();
  for (const consumer of plain) context.sink.answer(consumer, whole(consumer, parsed(consumer.need, first)));
  for (const [index, [windowMs, consumers]] of windows.entries()) {
    for (const consumer of consumers) context.sink.progress(consumer, 1, 2);
    await waitUntil(firstAt + windowMs, context);
    const ids = new Set(consumers.map((consumer) => hostFactId(consumer.need.need)));
    const requests = [...read.facts.values()].filter((fact) => ids.has(fact.id));
    const second = await connector.read(requests, { ...context, more: index < windows.length - 1 });
    const secondAt = monotonicMs();
    for (const consumer of consumers) {
      const readings = [parsed(consumer.need.need, first), parsed(consumer.need.need, second)] as const;
      context.sink.answer(consumer, whole(consumer, pairOf(readings, [firstAt, secondAt])));
    }
  }
}

function parsed(need: HostRequest, answers: Answers): Answer {
  const answer = answers.get(hostFactId(need));
  if (answer?.type === "unread") return { unread: answer.reason, read: 0 };
  if (need.type === "host.file" && answer?.type === "file") {
    return attempt(need.path, () => need.parse(answer.text));
  }
  if (need.type === "host.command" && answer?.type === "command") {
    const { stdout, stderr, exitCode } = answer;
    return attempt(need.argv.join(" "), () => need.parse({ stdout, stderr, exitCode }));
  }
  if (need.type === "host.glob" && answer?.type === "glob") {
    const { files, truncated, unreadable } = answer;
    const entries = files.map(({ path, text }) => ({ path, text }));
    return parsedMatches(need, { entries, truncated, unreadable });
  }
  if (need.type === "host.links" && answer?.type === "links") {
    const { links, truncated, unreadable } = answer;
    const entries = links.map(({ path, target }) => ({ path, text: target }));
    return parsedMatches(need, { entries, truncated, unreadable });
  }
  if (need.type === "host.stats" && answer?.type === "stats") {
    const value = answer.stats.slice(0, need.limit);
    return { value, read: value.length, missing: gaps(need, answer, answer.stats.length) };
  }
  return { unread: { code: "internal", what: hostFactId(need), detail: "the host gave no answer" }, read: 0 };
}

type Matches = { truncated: boolean; unreadable: Reason[] };

function parsedMatches(
  need: Extract<HostRequest, { type: "host.glob" | "host.links" }>,
  answer: Matches & { entries: { path: string; text: string }[] },
): Answer {
  const value: { path: string; value: unknown }[] = [];
  for (const { path, text } of answer.entries.slice(0, need.limit)) {
    try {
      value.push({ path, value: need.parse(text) });
    } catch (error) {
      return { unread: malformed(path, error), read: value.length };
    }
  }
  return { value, read: value.length, missing: gaps(need, answer, answer.entries.length) };
}

function gaps(
  { pattern, limit }: { pattern: string; limit: number },
  { truncated, unreadable }: Matches,
  found: number,
): Reason[] {
  if (!truncated && found <= limit) return unreadable;
  const detail = `more than ${Math.min(found, limit)} files match`;
  return [...unreadable, { code: "truncated", what: pattern, detail }];
}

/** What an active check does to a host; whoever asked agreed to it. */
export async function gatherActive(read: HostActiveRead, context: GatherContext): Promise<void> {
  const [consumer] = read.consumers;
  const { parse, ...request } = consumer.need;
  const output = await read.target.connector.perform(request, context);
  context.sink.answer(
    consumer,
    attempt(consumer.what, () => parse(output)),
  );
}

function attempt(what: string, parse: () => unknown): Answer {
  try {
    return { value: parse(), read: 1, missing: [] };
  } catch (error) {
    return { unread: malformed(what, error), read: 1 };
  }
}
