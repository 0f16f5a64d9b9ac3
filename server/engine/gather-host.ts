import { setTimeout as wait } from "node:timers/promises";
import type { HostRequest, SampledRequest } from "../checks/needs/need.ts";
import type { HostFactAnswer } from "../connectors/connector.ts";
import { type Answer, type GatherContext, malformed } from "./answer.ts";
import { type Consumer, type HostRead, hostFactId } from "./plan.ts";

type Answers = Map<string, HostFactAnswer>;

/**
 * Reads all facts of a host in one go. Sampled ones are read again, `windowMs` after the first reading; needs with
 * the same window share that second reading, which holds nothing else.
 */
export async function gatherHost(read: HostRead, context: GatherContext): Promise<void> {
  const { connector } = read.target;
  const first = await connector.read([...read.facts.values()], context);
  const firstAt = monotonicMs();
  const sampled: Consumer<SampledRequest>[] = [];
  for (const consumer of read.consumers) {
    const { need } = consumer;
    if (need.type === "sampled") sampled.push({ ...consumer, need });
    else context.sink.answer(consumer, whole(consumer, parsed(need, first)));
  }
  const byWindow = Map.groupBy(sampled, (consumer) => consumer.need.windowMs);
  for (const [windowMs, consumers] of [...byWindow].sort(([a], [b]) => a - b)) {
    for (const consumer of consumers) context.sink.progress(consumer, 1, 2);
    await wait(Math.max(0, firstAt + windowMs - monotonicMs()), undefined, { signal: context.signal });
    const ids = new Set(consumers.map((consumer) => hostFactId(consumer.need.need)));
    const requests = [...read.facts.values()].filter((fact) => ids.has(fact.id));
    const second = await connector.read(requests, context);
    const secondAt = monotonicMs();
    for (const consumer of consumers) {
      const readings = [parsed(consumer.need.need, first), parsed(consumer.need.need, second)] as const;
      context.sink.answer(consumer, whole(consumer, pair(readings, [firstAt, secondAt])));
    }
  }
}

/** A clock that no time correction turns back: rates divide by its differences. */
function monotonicMs(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

/** A judge is not told of gaps in an optional need, and would take what it does not see for what is not there. */
function whole({ optional }: Consumer, answer: Answer): Answer {
  const [gap] = optional && "missing" in answer ? answer.missing : [];
  return gap ? { unread: gap, read: answer.read } : answer;
}

function pair([first, second]: readonly [Answer, Answer], at: readonly [number, number]): Answer {
  if ("unread" in first) return { unread: first.unread, read: 0 };
  if ("unread" in second) return { unread: second.unread, read: 1 };
  return {
    value: [
      { at: at[0], value: first.value },
      { at: at[1], value: second.value },
    ],
    read: 2,
    missing: [...first.missing, ...second.missing],
  };
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
  if (need.type === "host.glob" && answer?.type === "glob") return parsedGlob(need, answer);
  return { unread: { code: "internal", what: hostFactId(need), detail: "the host gave no answer" }, read: 0 };
}

function parsedGlob(
  need: Extract<HostRequest, { type: "host.glob" }>,
  answer: Extract<HostFactAnswer, { type: "glob" }>,
): Answer {
  const files = answer.files.slice(0, need.limit);
  const value: { path: string; value: unknown }[] = [];
  for (const file of files) {
    try {
      value.push({ path: file.path, value: need.parse(file.text) });
    } catch (error) {
      return { unread: malformed(file.path, error), read: value.length };
    }
  }
  const missing = [...answer.unreadable];
  if (answer.truncated || answer.files.length > files.length) {
    missing.push({ code: "truncated", what: need.pattern, detail: `more than ${files.length} files match` });
  }
  return { value, read: files.length, missing };
}

function attempt(what: string, parse: () => unknown): Answer {
  try {
    return { value: parse(), read: 1, missing: [] };
  } catch (error) {
    return { unread: malformed(what, error), read: 1 };
  }
}
