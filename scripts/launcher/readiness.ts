import { setTimeout as delay } from "node:timers/promises";
import { SentenceError } from "./sentence-error.ts";
import type { Service } from "./service.ts";

const everyMs = 100;

async function statusOf(
  url: string,
  signal: AbortSignal,
): Promise<{ status: number; text: string } | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
    return { status: answer.status, text: await answer.text() };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Resolves when web, database, queue and worker all say so; `crashed` tells of a service that keeps dying. */
export async function waitUntilReady(
  url: string,
  options: { signal: AbortSignal; withinMs: number; crashed: () => Service | undefined },
): Promise<void> {
  const deadline = Date.now() + options.withinMs;
  let last: string | undefined;
  while (Date.now() < deadline) {
    const answer = await statusOf(`${url}/readyz`, options.signal);
    if (answer?.status === 200) return;
    last = answer?.text.slice(0, 300) ?? last;
    const crashed = options.crashed();
    if (crashed) {
      console.error(crashed.lastLines());
      throw new SentenceError(
        `The ${crashed.name} keeps ending as soon as it starts; its last lines stand above.`,
      );
    }
    await delay(everyMs, undefined, { signal: options.signal });
  }
  throw new SentenceError(
    `Weekbook was not ready within ${options.withinMs / 1000} s${last === undefined ? "" : `; it says: ${last}`}.`,
  );
}
